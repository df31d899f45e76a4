import { pause } from '../visit.mjs';

/** Tracks `count` events on a page that stays, and counts what came within `ms`. */
const staying =
  (count, ms, { prepare, fillerBytes } = {}) =>
  async (visit) => {
    const page = await visit.open();
    const begun = performance.now();
    prepare?.(visit);
    await visit.track(page, 'a', count, { fillerBytes });
    await visit.until('a', count, ms);
    return { ms: Math.round(performance.now() - begun) };
  };

/** Collectors that do not simply take. */
export const answerScenarios = [
  {
    id: 'S4',
    runs: 1,
    what: 'the first 3 requests answered 503; 55 s',
    run: staying(5, 55_000, {
      prepare({ collector }) {
        collector.fault = ({ number }) => (number <= 3 ? { status: 503 } : undefined);
      },
    }),
  },
  {
    id: 'S5',
    runs: 1,
    what: 'one 429 with Retry-After 4; 20 s',
    run: staying(1, 20_000, {
      prepare({ collector }) {
        collector.fault = ({ number }) => (number === 1 ? { status: 429, retryAfter: 4 } : undefined);
      },
    }),
  },
  {
    id: 'S6',
    runs: 1,
    what: '40 events of 1 KB, 413 for bodies over 8 KB; 55 s',
    run: staying(40, 55_000, {
      fillerBytes: 1024,
      prepare({ collector }) {
        collector.fault = ({ bytes }) => (bytes > 8 * 1024 ? { status: 413 } : undefined);
      },
    }),
  },
  {
    id: 'S8',
    runs: 1,
    what: '10 events, connections reset for 8 s; 40 s',
    run: staying(10, 40_000, {
      prepare({ proxy }) {
        proxy.breakOff();
        setTimeout(proxy.mend, 8_000);
      },
    }),
  },
  {
    id: 'A1',
    runs: 1,
    what: 'taken, but the answer is lost; 20 s; then back',
    async run(visit) {
      visit.collector.fault = ({ number }) => (number === 1 ? { unheard: true } : undefined);
      const page = await visit.open();
      await visit.track(page, 'a', 10);
      await visit.until('a', 10, 10_000);
      await pause(3_000);
      await visit.leave(page);
      await visit.open('z');
      await visit.until('z', 1, 10_000);
      return {};
    },
  },
  {
    id: 'A2',
    runs: 1,
    what: 'one 503 with Retry-After 2, then the clock goes back a day; 20 s',
    async run(visit) {
      visit.collector.fault = ({ number }) => (number === 1 ? { status: 503, retryAfter: 2 } : undefined);
      const page = await visit.open();
      await visit.track(page, 'a', 10);
      while (visit.collector.requests.length === 0) await pause(50);
      await pause(500);
      await page.evaluate(() => globalThis.benchClock.shift(-24 * 60 * 60 * 1000));
      await visit.track(page, 'z', 1);
      await visit.until('a', 10, 20_000);
      return {};
    },
  },
];
