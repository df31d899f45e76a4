// From the POST of one event to its count in the view, everything embedded: with nothing else to do, and while four
// heavy queries run without a pause.
import { pathToFileURL } from 'node:url';
import { measureLatency } from './latency/measure-latency.mjs';

/** Measures, and returns `{ name, rows }` for the table and the file of results. */
export const run = () => measureLatency({ name: 'latency' });

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href)
  console.table((await run()).rows);
