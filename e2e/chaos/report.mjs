import { execFileSync } from 'node:child_process';
import { cpus, release, totalmem } from 'node:os';
import { KAFKA_VERSION } from '../../scripts/services/kafka-jars.mjs';
import { FAULTS } from './faults/faults.mjs';
import { describeSetup } from './setups.mjs';

/** @typedef {import('./run-chaos.mjs').ChaosResult} ChaosResult */

/**
 * What a series of runs found, as a page of docs.
 * @param {{ results: ChaosResult[], wanted: number, endedEarly: number[], command: string, versions: Record<string, string>, began: Date }} options
 * @returns {string}
 */
export function renderReport({ results, wanted, endedEarly, command, versions, began }) {
  const exact = results.filter(({ problems }) => problems.length === 0);
  const sum = (/** @type {(result: ChaosResult) => number} */ of) =>
    results.reduce((total, result) => total + of(result), 0);
  const minutes = Math.round(sum(({ seconds }) => seconds) / 60);
  return `# Chaos report

Written by \`${command}\` on ${began.toISOString().slice(0, 10)}, ${commit()}; what a run does is in [guarantees.md](guarantees.md#the-fault-tests).

${cpus().length} cores (${cpus()[0]?.model.trim()}), ${Math.round(totalmem() / 1024 ** 3)} GB, ${Object.entries(
    versions,
  )
    .map(([name, version]) => `${name} ${version}`)
    .join(', ')}.

${missing(results.length, wanted, endedEarly)}**${exact.length} of ${results.length} runs exact: ${number(sum(({ acked }) => acked))} events acknowledged, ${number(sum(({ totals }) => totals.rows))} stored, ${number(sum(({ totals }) => totals.ids))} unique, ${number(sum(({ totals }) => totals.rollup))} in the rollup; ${number(sum(({ answers }) => answers))} deliveries; ${number(sum(faultsOf))} faults; ${minutes} minutes.**

## Runs

Positions are places in the log that rows carry; ids are rows of \`message_ids\`; rejected are events refused as invalid plus ids that came again with other content, each found in \`rejected_events\`.

${table(
  [
    'seed',
    'log',
    'faults',
    'deliveries',
    'acked',
    'stored',
    'unique',
    'positions',
    'ids',
    'rollup',
    'rejected',
    's',
    'verdict',
  ],
  results.map((result) => [
    String(result.seed),
    describeSetup(result.setup),
    String(faultsOf(result)),
    ...[result.answers, result.acked, result.totals.rows, result.totals.ids, result.totals.places].map(
      number,
    ),
    ...[result.totals.known, result.totals.rollup].map(number),
    `${result.invalid} + ${result.reused}`,
    String(Math.round(result.seconds)),
    result.problems.length === 0 ? 'exact' : `**${result.problems.join('; ')}**`,
  ]),
)}

## Faults

How often each was seen to happen. One that was drawn for a run and never came about makes the run fail.

${table(
  ['fault', 'times', 'in runs'],
  Object.keys(FAULTS).map((name) => [
    name,
    String(sum(({ faults }) => faults[name] ?? 0)),
    String(results.filter(({ faults }) => (faults[name] ?? 0) > 0).length),
  ]),
)}

In every run, besides: each batch sent twice, and again three days later by every clock, to loaders that were started since and killed twice meanwhile, with the server once.
`;
}

/** @type {(runs: number, wanted: number, endedEarly: number[]) => string} */
function missing(runs, wanted, endedEarly) {
  const early =
    endedEarly.length > 0 ? ` Seeds ${endedEarly.join(', ')} ended early, without a verdict.` : '';
  return runs < wanted ? `${runs} of the ${wanted} runs came to their end.${early}\n\n` : '';
}

/** What the runs ran on. @param {ChaosResult[]} results */
export function describeVersions(results) {
  const kafka = results.some(({ setup }) => setup.log === 'kafka');
  return {
    Node: process.versions.node,
    ClickHouse: results[0]?.clickHouse ?? 'unknown',
    ...(kafka && { 'Apache Kafka': KAFKA_VERSION }),
    kernel: release(),
  };
}

/** How many faults a run saw. @param {ChaosResult} result */
function faultsOf({ faults }) {
  return Object.values(faults).reduce((total, count) => total + count, 0);
}

/** @type {(head: string[], rows: string[][]) => string} */
function table(head, rows) {
  return [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}

/** @param {number} value */
function number(value) {
  return value.toLocaleString('en-US');
}

function commit() {
  try {
    return `commit ${execFileSync('git', ['rev-parse', '--short', 'HEAD'], { encoding: 'utf8', stdio: 'pipe' }).trim()}`;
  } catch {
    return 'outside a repository';
  }
}
