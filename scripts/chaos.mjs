#!/usr/bin/env node
import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { help } from './lib/run.mjs';
import { ensureBuilt, ensureInstalled, requireNode } from './lib/setup.mjs';

help(`
npm run chaos [-- --events N] [--seeds N] [--seed N] [--log LOG] [--faults NAMES] [--report FILE]

Runs all of Millrace under load from clients that retry and send every batch twice, while faults happen that a seed
draws: processes killed with SIGKILL, brokers killed and stopped (SIGSTOP), a warehouse that refuses, is slow, loses
the connection and dies in the middle of an insert, a full disk, a clock that is set, loaders that come and go. Then
all is stopped, started three days later by its clocks, and sent everything again. What was acknowledged must then
stand in the warehouse exactly once, in events, in message_ids and in every rollup; what was refused, among the
rejected; nothing else anywhere.

  --events N     events of all runs together (default 1000000), beside what comes while a fault lasts
  --seeds N      how many runs, each with a seed of its own (default 20)
  --seed N       the first seed (default 1); with --seeds 1, the run of that seed again
  --log LOG      spool, kafka or both (default both): what the runs take turns with
  --faults A,B   only these, and all of them (default: each run draws most of those that fit); "list" lists them
  --rounds N     how often each fault of a run happens (default 1)
  --report FILE  write a report, as Markdown

Kafka needs Java 17 and Maven; the full disk a Linux where this user may mount; the set clock a C compiler; the kill
between token and part strace. What cannot happen here is said, and makes the series fail.

Prints one line a fault and one a run. A run that fails is named with its seed and its data folder, which is kept.
`);

const { values } = parseArgs({
  options: {
    events: { type: 'string', default: '1000000' },
    seeds: { type: 'string', default: '20' },
    seed: { type: 'string', default: '1' },
    rounds: { type: 'string', default: '1' },
    log: { type: 'string', default: 'both' },
    faults: { type: 'string' },
    report: { type: 'string' },
  },
});
const [events, seeds, first, rounds] = ['events', 'seeds', 'seed', 'rounds'].map(number);
if (!['spool', 'kafka', 'both'].includes(values.log)) {
  refuse(`--log: expected spool, kafka or both, got ${values.log}`);
}

function number(name) {
  const value = Number(values[name]);
  if (Number.isInteger(value) && value > 0) return value;
  return refuse(`--${name}: expected a whole number above 0, got ${values[name]}`);
}

function refuse(message) {
  console.error(message);
  return process.exit(2);
}

requireNode();
await ensureInstalled();
await ensureBuilt();
const { FAULTS } = await import('../e2e/chaos/faults/faults.mjs');
const { runChaos } = await import('../e2e/chaos/run-chaos.mjs');
const { describeSetup, setupOf } = await import('../e2e/chaos/setups.mjs');
const { describeVersions, renderReport } = await import('../e2e/chaos/report.mjs');

const only = values.faults?.split(',').map((name) => name.trim());
const unknown = only?.find((name) => !(name in FAULTS));
if (unknown) {
  const names = Object.keys(FAULTS).map((name) => `  ${name}\n`);
  if (unknown !== 'list') refuse(`--faults: there is no ${unknown}; there are\n${names.join('')}`);
  process.stdout.write(names.join(''));
  process.exit(0);
}
// What is mounted and what runs goes with the process.
for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => process.exit(1));

const began = new Date();
const results = [];
const endedEarly = [];
for (let seed = first; seed < first + seeds; seed++) {
  const setup = setupOf(seed, values.log);
  console.log(`seed ${seed}: ${describeSetup(setup)}`);
  const options = { seed, setup, events: Math.ceil(events / seeds), rounds, only, share: 0.8 };
  const result = await runChaos({ ...options, tell: (line) => console.log(`  ${line}`) }).catch((error) => {
    console.log(`seed ${seed}: ended early: ${error.stack}`);
    endedEarly.push(seed);
  });
  if (!result) continue;
  results.push(result);
  if (values.report) writeFileSync(values.report, report());
  const { problems, acked, seconds, dataDir } = result;
  console.log(
    `seed ${seed}: ${problems.length === 0 ? 'exact' : 'NOT EXACT'}, ${acked} events, ${seconds} s`,
  );
  if (problems.length === 0) continue;
  for (const problem of problems) console.log(`  ${problem}`);
  console.log(`  data: ${dataDir}; again: npm run chaos -- ${commandLine({ seeds: 1, seed })}`);
}

const failed = results.filter(({ problems }) => problems.length > 0).map(({ seed }) => seed);
const unseen = (only ?? Object.keys(FAULTS)).filter(
  (name) => !results.some(({ faults }) => faults[name] > 0),
);
console.log(`${results.length - failed.length} of ${seeds} runs exact.`);
if (failed.length > 0) console.log(`Not exact: seeds ${failed.join(', ')}.`);
if (endedEarly.length > 0)
  console.log(`Ended early, for want of something to run on: seeds ${endedEarly.join(', ')}.`);
if (unseen.length > 0) console.log(`Not seen in any run: ${unseen.join(', ')}.`);
process.exitCode = failed.length + endedEarly.length + unseen.length === 0 ? 0 : 1;

/** Written anew after every run, so that a series that is broken off leaves what it has. */
function report() {
  const command = `npm run chaos -- ${commandLine({})}`;
  return renderReport({
    results,
    wanted: seeds,
    endedEarly,
    command,
    began,
    versions: describeVersions(results),
  });
}

/** The options of this series, with some of them changed. */
function commandLine({ seeds: count = seeds, seed = first }) {
  const share = Math.ceil(events / seeds) * count;
  const given = { events: share, seeds: count, seed, rounds, log: values.log, faults: values.faults };
  const text = Object.entries(given).flatMap(([name, value]) => (value ? `--${name} ${quoted(value)}` : []));
  return [...text, ...(count === seeds && values.report ? [`--report ${values.report}`] : [])].join(' ');
}

function quoted(value) {
  return /\s/.test(value) ? `'${value}'` : value;
}
