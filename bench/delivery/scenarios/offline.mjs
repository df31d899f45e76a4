import { pause } from '../visit.mjs';

const WRITTEN_MS = 1_000;
const GONE_MS = 1_000;
const BACK_MS = 20_000;

async function backOnline(visit, count) {
  // The last request of a tab that is gone escapes the browser's "offline", which is a setting of the tab.
  await pause(GONE_MS);
  const gone = visit.collector.count('a');
  await visit.context.setOffline(false);
  await visit.open('z');
  await visit.until('a', count, BACK_MS);
  return { gone };
}

/** Tabs that end while there is no network. */
export const offlineScenarios = [
  {
    id: 'S3',
    runs: 1,
    what: 'offline, 20 events, tab closed; online, back',
    async run(visit) {
      const page = await visit.open();
      await visit.context.setOffline(true);
      await visit.track(page, 'a', 20);
      await pause(WRITTEN_MS);
      await page.close({ runBeforeUnload: false });
      return backOnline(visit, 20);
    },
  },
  {
    id: 'S7',
    runs: 1,
    what: 'the same with two tabs of 10 events',
    async run(visit) {
      const pages = [await visit.open(), await visit.open()];
      await visit.context.setOffline(true);
      for (const [index, page] of pages.entries()) await visit.track(page, 'a', 10, { from: index * 10 });
      await pause(WRITTEN_MS);
      for (const page of pages) await page.close();
      return backOnline(visit, 20);
    },
  },
  {
    id: 'O1',
    runs: 1,
    what: 'offline, 20 events, the tab crashes; online, back',
    async run(visit) {
      const page = await visit.open();
      await visit.context.setOffline(true);
      await visit.track(page, 'a', 20);
      await pause(WRITTEN_MS);
      const crashed = page.waitForEvent('crash');
      const session = await visit.context.newCDPSession(page);
      session.send('Page.crash').catch(() => {});
      await crashed;
      await page.close();
      return backOnline(visit, 20);
    },
  },
  {
    id: 'O2',
    runs: 1,
    what: 'offline, 10 events, asleep for a day; online',
    async run(visit) {
      const page = await visit.open();
      await visit.context.setOffline(true);
      await visit.track(page, 'a', 10);
      await pause(WRITTEN_MS);
      await page.evaluate(() => globalThis.benchClock.shift(24 * 60 * 60 * 1000));
      await visit.context.setOffline(false);
      await visit.track(page, 'z', 1);
      await visit.until('a', 10, BACK_MS);
      return {};
    },
  },
];
