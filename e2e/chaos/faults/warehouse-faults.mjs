import { setTimeout as sleep } from 'node:timers/promises';
import { cutRows, dieWithin, hold, loseAnswer, refuse, slow } from './insert-faults.mjs';
import { canTrace, killAtRename } from './kill-at-token.mjs';

/** A loader whose partner was killed waits until Kafka has given up on that one, and for its own next turn. */
const INSERT_PATIENCE_MS = 25_000;
const REBALANCE_MS = 15_000;
const START_MS = 10_000;

/** @typedef {import('./faults.mjs').Fault} Fault */

/** @type {Record<string, Fault>} */
export const warehouseFaults = {
  'warehouse refuses inserts': onInserts(refuse, 4),
  'warehouse slow': onInserts(slow, 3),
  'connection cut within the rows': onInserts(cutRows, 2),
  'answer lost': onInserts(loseAnswer, 2),
  'warehouse unreachable': {
    fits: ({ proxies }) => proxies.length > 0,
    async cause({ proxies }, random) {
      const ms = random.between(300, 1500);
      await Promise.all(proxies.map((proxy) => proxy.vanish(ms)));
      return true;
    },
  },
  'ClickHouse dies in an insert': {
    fits: ({ proxies }) => proxies.length > 0,
    cause: ({ proxies, outside }, random) =>
      random.pick(proxies).onInsert(
        dieWithin(random, () => outside?.kill() ?? false),
        INSERT_PATIENCE_MS,
      ),
  },
  'ClickHouse dies at the token': {
    fits: () => canTrace,
    async cause({ warehouse, clickHousePid }, random) {
      const pid = await running(clickHousePid);
      if (pid === undefined) return false;
      // A rename may be a merge's as well, and those are of no interest.
      await (await warehouse()).command('SYSTEM STOP MERGES').catch(() => {});
      return killAtRename({ pid, n: random.between(1, 4), patienceMs: INSERT_PATIENCE_MS });
    },
  },
  'rebalance within a chunk': {
    fits: ({ second, kafka }) => second() !== undefined && kafka !== undefined,
    async cause({ proxies, kafka, setSecond }, random) {
      let isSeen = false;
      const left = await changeHeld(false);
      await sleep(random.between(0, 500));
      const joined = await changeHeld(true);
      return left && joined && isSeen;

      /** @param {boolean} isThere the second loader joins, or leaves, while the first is in an insert */
      async function changeHeld(isThere) {
        const wasHeld = await proxies[0]?.onInsert(
          hold(async () => {
            const before = await members(kafka);
            await Promise.race([setSecond(isThere), sleep(REBALANCE_MS)]);
            const after = await members(kafka);
            isSeen ||= before !== after;
          }),
          INSERT_PATIENCE_MS,
        );
        await setSecond(isThere);
        return wasHeld === true;
      }
    },
  },
};

/**
 * One to `most` inserts in a row, of any loader.
 * @type {(faultOf: (random: import('../random.mjs').Random) => import('../services/warehouse-proxy.mjs').InsertFault, most: number) => Fault}
 */
function onInserts(faultOf, most) {
  return {
    fits: ({ proxies }) => proxies.length > 0,
    async cause({ proxies }, random) {
      const count = random.between(1, most);
      // Of whichever loader inserts first: one of two may have nothing to do for a while.
      const hits = proxies.map(async (proxy) => {
        const inserts = Array.from({ length: count }, () =>
          proxy.onInsert(faultOf(random), INSERT_PATIENCE_MS),
        );
        if (!(await Promise.all(inserts)).some(Boolean)) throw new Error('no insert came');
      });
      return Promise.any(hits).then(
        () => true,
        () => false,
      );
    },
  };
}

/** It may be starting again just now. @param {() => Promise<number | undefined>} pidOf */
async function running(pidOf) {
  for (let waited = 0; waited < START_MS; waited += 50) {
    const pid = await pidOf();
    if (pid !== undefined) return pid;
    await sleep(50);
  }
  return undefined;
}

/** Who is in the loaders' group, in words. @param {import('./faults.mjs').Product['kafka']} kafka */
async function members(kafka) {
  const admin = kafka?.admin();
  if (!admin) return '';
  try {
    await admin.connect();
    const { groups } = await admin.describeGroups(['millrace-loader']);
    return groups
      .flatMap((group) => group.members.map(({ memberId }) => memberId))
      .sort()
      .join();
  } finally {
    await admin.disconnect();
  }
}
