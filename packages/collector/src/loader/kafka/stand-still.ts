import type { WarehouseClient } from '@millrace/warehouse-schema';
import { wait } from '../retrier.ts';
import { createGate } from './gate.ts';

/** One loader at a time makes all loaders of a ClickHouse stand still. */
export interface StandStill {
  /** Resolves once no loader asks for it; rejects with what ClickHouse says, or once stopped. */
  ended(): Promise<void>;
  /**
   * Resolves if an insert that ClickHouse runs, and has no row of yet, may go on: whoever asks for a stand still from
   * then on sees it, and waits for its end. Rejects with StandStillError if someone asks for one already, or if there are
   * more suppressed ids than the rows were judged by.
   */
  permit(queryId: string, suppressed?: number): Promise<void>;
  /** Runs the operation while no loader inserts. */
  during<T>(operation: () => Promise<T>): Promise<T>;
}

export interface StandStillOptions {
  client: WarehouseClient;
  /** Names this process, and no other. */
  owner: string;
  signal: AbortSignal;
  /** True once no insert runs. */
  isQuiet(): Promise<boolean>;
}

/** The insert has to wait: a stand still is asked for. No row of it went in. */
export class StandStillError extends Error {
  override readonly name = 'StandStillError' as const;
  readonly code = 'stand_still' as const;
}

const PREFIX = 'millrace-stand-still:';
const OTHERS = `
SELECT count() AS others FROM system.processes
WHERE startsWith(query_id, '${PREFIX}') AND NOT startsWith(query_id, {own:String})`;
const OWN = 'SELECT count() AS own FROM system.processes WHERE startsWith(query_id, {own:String})';
const LOOK = `
SELECT countIf(startsWith(query_id, '${PREFIX}')) AS holds, countIf(query_id = {query:String} AND query_kind = 'Insert') AS seen,
  (SELECT count() FROM suppressed_ids) AS suppressed
FROM system.processes`;
const HOLD = 'SELECT sleepEachRow(1) FROM system.numbers LIMIT 10';
const END = 'KILL QUERY WHERE startsWith(query_id, {own:String}) ASYNC';

const RENEW_MS = 4000;
const POLL_MS = 50;
const LOOK_MS = 5;
/** ClickHouse runs an insert milliseconds after it was sent; what buffers requests before it never shows it. */
const SEEN_MS = 30_000;

/**
 * The sign is a query that sleeps: every loader sees it among the running ones, and it is gone seconds after
 * whoever started it. There is no other place that all loaders share without Keeper.
 */
export function createStandStill({ client, owner, signal, isQuiet }: StandStillOptions): StandStill {
  const own = `${PREFIX}${owner}:`;
  const one = createGate(1);
  let number = 0;

  async function count(sql: string): Promise<number> {
    const [row] = await client.query<Record<string, number>>(sql, { params: { own } });
    return Number(Object.values(row ?? {})[0] ?? 0);
  }

  async function until(condition: () => Promise<boolean>): Promise<void> {
    while (!(await condition())) await wait(POLL_MS, signal);
  }

  function hold(): void {
    const queryId = `${own}${number++}`;
    // It ends with an error when it is killed; whether it runs is looked up.
    client.query(HOLD, { queryId, settings: { max_block_size: 1 } }).catch(() => {});
  }

  const end = () => client.command(END, { params: { own } });
  const isAlone = async () => (await count(OTHERS)) === 0;

  /** Two that ask at the same time see each other, and both step back. */
  async function begin(): Promise<NodeJS.Timeout> {
    for (;;) {
      await until(isAlone);
      hold();
      await until(async () => (await count(OWN)) > 0);
      if (await isAlone()) return setInterval(hold, RENEW_MS);
      await end();
      await wait(POLL_MS + Math.random() * 500, signal);
    }
  }

  return {
    async permit(queryId, suppressed) {
      for (const deadline = performance.now() + SEEN_MS; performance.now() < deadline; ) {
        const [row] = await client.query<{ holds: number; seen: number; suppressed: number }>(LOOK, {
          params: { query: queryId },
        });
        if (Number(row?.holds ?? 0) > 0) throw new StandStillError('all loaders are to stand still');
        if (suppressed !== undefined && Number(row?.suppressed ?? suppressed) !== suppressed) {
          throw new StandStillError('a person was deleted');
        }
        if (Number(row?.seen ?? 0) > 0) return;
        await wait(LOOK_MS, signal);
      }
      throw new Error(
        'ClickHouse does not show an insert before it has all of it: is a proxy between that buffers requests?',
      );
    },
    ended: () => until(async () => (await count(OTHERS)) + (await count(OWN)) === 0),
    during: (operation) =>
      one.pass(async () => {
        const renewal = await begin();
        try {
          await until(isQuiet);
          return await operation();
        } finally {
          clearInterval(renewal);
          await end().catch(() => {});
          await until(async () => (await count(OWN)) === 0).catch(() => {});
        }
      }),
  };
}
