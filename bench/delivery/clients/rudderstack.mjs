import { loadRudderStack } from './load-rudderstack.mjs';

await loadRudderStack({});
