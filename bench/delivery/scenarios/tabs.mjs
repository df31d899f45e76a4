import { pause } from '../visit.mjs';

const WAIT_MS = 20_000;

/** Tabs that stand in each other's way, and pages that browsers put aside. */
export const tabScenarios = [
  {
    id: 'T1',
    runs: 1,
    what: 'two tabs of 10 events, one closed while it sends; back',
    async run(visit) {
      const [left, right] = [await visit.open(), await visit.open()];
      await Promise.all([visit.track(left, 'a', 10), visit.track(right, 'a', 10, { from: 10 })]);
      while (visit.collector.requests.length === 0) await pause(5);
      await left.close();
      await pause(2_000);
      const gone = visit.collector.count('a');
      await visit.open('z');
      await visit.until('a', 20, WAIT_MS);
      return { gone };
    },
  },
  {
    id: 'T2',
    runs: 1,
    what: 'a tab frozen with 10 unsent events; another tracks 10 → thawed',
    async run(visit) {
      const first = await visit.open();
      await visit.context.setOffline(true);
      await visit.track(first, 'a', 10);
      await pause(1_000);
      const session = await visit.context.newCDPSession(first);
      await session.send('Page.setWebLifecycleState', { state: 'frozen' });
      await visit.context.setOffline(false);
      const second = await visit.open();
      await visit.track(second, 'a', 10, { from: 10 });
      await visit.until('a', 20, WAIT_MS);
      const gone = visit.collector.count('a');
      await session.send('Page.setWebLifecycleState', { state: 'active' });
      await visit.until('a', 20, WAIT_MS);
      return { gone };
    },
  },
  {
    id: 'T3',
    runs: 1,
    what: 'into the back-forward cache with 10 events just tracked, restored, 10 more',
    async run(visit) {
      const page = await visit.open();
      await visit.track(page, 'a', 10, { leave: true });
      await pause(2_000);
      const gone = visit.collector.count('a');
      await goBack(page);
      const wasRestored = await page.evaluate(() => globalThis.wasRestored);
      await visit.track(page, 'a', 10, { from: 10 });
      await visit.until('a', 20, WAIT_MS);
      return { gone, note: wasRestored ? '' : 'not cached' };
    },
  },
  {
    id: 'T4',
    runs: 1,
    what: 'storage full, 30 events of 1 KB, then leaving 300 ms later',
    async run(visit) {
      const page = await visit.open();
      await fillStorage(page);
      const session = await visit.context.newCDPSession(page);
      await session.send('Storage.overrideQuotaForOrigin', {
        origin: new URL(page.url()).origin,
        quotaSize: 1,
      });
      await visit.track(page, 'a', 30, { fillerBytes: 1024 });
      await pause(300);
      await visit.leave(page);
      await pause(2_000);
      const gone = visit.collector.count('a');
      await visit.open('z');
      await visit.until('a', 30, WAIT_MS);
      return { gone };
    },
  },
];

/** As `page.goBack()`, which waits for ever for the loading of a page that was restored. */
async function goBack(page) {
  await page.evaluate(() => globalThis.history.back()).catch(() => {});
  const isBack = () => page.evaluate(() => Boolean(globalThis.bench?.track)).catch(() => false);
  for (let tries = 0; !(await isBack()); tries++) {
    if (tries === 100) throw new Error('the page did not come back');
    await pause(50);
  }
}

const fillStorage = (page) =>
  page.evaluate(() => {
    for (let size = 1 << 22; size >= 1; size >>= 1) {
      for (let index = 0; ; index++) {
        try {
          localStorage.setItem(`host-${size}-${index}`, 'x'.repeat(size));
        } catch {
          break;
        }
      }
    }
  });
