import { loadSegment } from './load-segment.mjs';

await loadSegment({});
