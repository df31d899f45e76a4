import { pause } from '../visit.mjs';

// What was sent as the page went is at the server by then, or never.
const GONE_MS = 2_000;
const BACK_MS = 20_000;

/** Counts when the page is gone, and again when the visitor is back and tracked one more. */
async function goneAndBack(visit, count) {
  await pause(GONE_MS);
  const gone = visit.collector.count('a');
  await visit.open('z');
  await visit.until('a', count, BACK_MS);
  return { gone };
}

const leaving =
  (count, options = {}) =>
  async (visit) => {
    const page = await visit.open();
    await visit.track(page, 'a', count, { ...options, leave: true });
    return goneAndBack(visit, count);
  };

/** Pages that are left. */
export const leavingScenarios = [
  { id: 'S0', runs: 3, what: '3 events, then location.href in the same task', run: leaving(3) },
  {
    id: 'S0b',
    runs: 3,
    what: 'the same, leaving 300 ms later',
    async run(visit) {
      const page = await visit.open();
      await visit.track(page, 'a', 3);
      await pause(300);
      await visit.leave(page);
      return goneAndBack(visit, 3);
    },
  },
  { id: 'S1', runs: 3, what: '30 events, then leaving in the same task', run: leaving(30) },
  {
    id: 'S2',
    runs: 3,
    what: '200 events of 1 KB, then leaving in the same task',
    run: leaving(200, { fillerBytes: 1024 }),
  },
  { id: 'L1', runs: 1, what: '1,000 events in one task, then leaving in it', run: leaving(1000) },
  {
    id: 'L2',
    runs: 1,
    what: 'leaving during the wait for a retry (two 503)',
    async run(visit) {
      visit.collector.fault = ({ number }) => (number <= 2 ? { status: 503 } : undefined);
      const page = await visit.open();
      await visit.track(page, 'a', 10);
      await visit.until('a', 1, 600);
      await visit.leave(page);
      return goneAndBack(visit, 10);
    },
  },
];
