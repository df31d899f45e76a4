import { createDefinitionsStore } from '@millrace/definitions';
import { type AskInsight, runAlerts } from '@millrace/studio';

/**
 * For tests: a process that looks at the alerts of a database, until it is killed. It finds that the newest event arrived
 * so many minutes ago as the answer of `askUrl` says.
 */
const [connectionString = '', askUrl = '', privateHost = ''] = process.argv.slice(2);
const ask: AskInsight = async (insight) => {
  const minutes = Number(await (await fetch(askUrl)).text());
  const overall = { sinceMs: minutes * 60_000, newest: 'then' };
  return {
    insight,
    result: { freshness: { overall } },
    range: { from: '', to: '' },
    queries: [],
    definition: '',
    freshness: { newestEvent: null, lagMs: null },
    notices: [],
  };
};
const { alerts } = createDefinitionsStore({ connectionString });
runAlerts({
  // Every rule is looked at all the time.
  queue: {
    ...alerts,
    saveEvaluation: (holder, evaluation) =>
      alerts.saveEvaluation(holder, { ...evaluation, nextAt: evaluation.now }),
  },
  askFor: () => ask,
  policy: { privateHosts: [privateHost] },
  log: (line) => process.stderr.write(`${line}\n`),
  intervalMs: 50,
  leaseMs: 1_000,
});
process.send?.('running');
// Its timers keep no process alive.
setInterval(() => {}, 1 << 30);
