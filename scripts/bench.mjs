#!/usr/bin/env node
import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { help, root } from './lib/run.mjs';
import { ensureBuilt, ensureInstalled, requireNode } from './lib/setup.mjs';

help(`
npm run bench [-- NAME ... [--minutes N] [--events N] [--only TEXT] [--data FOLDER] [--memory BYTES]]

Runs the benchmarks in bench/*.mjs (all, or those named), each beside a peer or a limit in the same run, prints a
table of medians, and writes bench/results/NAME.json. Ends with how long all of it took.

  delivery       what of an event's way survives a browser: ours and six other SDKs
  main-thread    what SDKs cost the page that hosts them
  node-sdk       track() on a server beside posthog-node and analytics-node, and what it does to the event loop
  get-variant    assignments a second beside GrowthBook, Unleash and Optimizely
  definitions    a document of 1,000 flags from its text to its use
  collector      CPU per event from HTTP to the spool's sync
  kafka          CPU per event from HTTP to Kafka's ack, by packing and client
  kafka-latency  from the POST to the view through Kafka
  latency        from the POST to the view, everything embedded
  loader         rows per second, from the spool and from Kafka
  views          CPU of ClickHouse per row that each view over events costs
  insights       every insight over 10 million events (--events N) beside the query shapes of other products; --only TEXT,
                 the questions with that in their name; --data FOLDER, where the events stay for the next run;
                 --memory BYTES, what ClickHouse may hold (1 GB)
  active-users   people from daily bitmaps and from the events, over the events of insights; takes the same flags
  memory         RSS of a collector over Kafka under full load, --minutes N
  profile        where the CPU of a collector over Kafka goes

kafka, kafka-latency, loader, memory and profile start an Apache Kafka (Java 17, Maven), memory a PostgreSQL too.
docs/performance.md has the figures of one machine.
`);

requireNode();
const { values, positionals: asked } = parseArgs({
  allowPositionals: true,
  options: {
    minutes: { type: 'string', default: '1' },
    events: { type: 'string' },
    memory: { type: 'string' },
    only: { type: 'string' },
    data: { type: 'string' },
  },
});
const minutes = Number(values.minutes);
if (!(minutes > 0)) refuse(`--minutes: expected a number above 0, got ${values.minutes}`);
for (const name of ['events', 'memory']) {
  if (values[name] !== undefined && !(Number(values[name]) > 0))
    refuse(`--${name}: expected a number above 0, got ${values[name]}`);
}
const all = readdirSync(join(root, 'bench'))
  .filter((file) => file.endsWith('.mjs'))
  .map((file) => file.slice(0, -'.mjs'.length));
const unknown = asked.filter((name) => !all.includes(name));
if (unknown.length > 0) refuse(`No benchmark ${unknown.join(', ')}; there are: ${all.join(', ')}`);

function refuse(message) {
  console.error(message);
  process.exit(2);
}

await ensureInstalled();
await ensureBuilt();
const results = join(root, 'bench/results');
mkdirSync(results, { recursive: true });
const begun = performance.now();
for (const name of asked.length > 0 ? asked : all) {
  console.log(`\n${name}`);
  const { run } = await import(pathToFileURL(join(root, 'bench', `${name}.mjs`)).href);
  const result = await run({
    minutes,
    ...(values.events && { events: Number(values.events) }),
    ...(values.memory && { memory: Number(values.memory) }),
    ...(values.only && { only: values.only }),
    ...(values.data && { data: values.data }),
  });
  writeFileSync(join(results, `${name}.json`), `${JSON.stringify(result, null, 2)}\n`);
  console.table(result.rows);
}
console.log(`\n${((performance.now() - begun) / 60_000).toFixed(1)} minutes in all`);
