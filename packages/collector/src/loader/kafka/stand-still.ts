import type { WarehouseClient } from '@millrace/warehouse-schema';
import { wait } from '../retrier.ts';
import { createGate } from './gate.ts';

/** One loader at a time makes all loaders of a ClickHouse stand still. */
export interface StandStill {
  /** Resolves once no loader asks for it; rejects with what ClickHouse says, or once stopped. */
  ended(): Promise<void>;
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

const PREFIX = 'millrace-stand-still:';
const OTHERS = `
SELECT count() AS others FROM system.processes
WHERE startsWith(query_id, '${PREFIX}') AND NOT startsWith(query_id, {own:String})`;
const OWN = 'SELECT count() AS own FROM system.processes WHERE startsWith(query_id, {own:String})';
const HOLD = 'SELECT sleepEachRow(1) FROM system.numbers LIMIT 10';
const END = 'KILL QUERY WHERE startsWith(query_id, {own:String}) ASYNC';

const RENEW_MS = 4000;
const POLL_MS = 50;
/** From the moment at which a loader looks whether it may insert to that at which its insert is seen to run. */
const GRACE_MS = 300;

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
    ended: () => until(async () => (await count(OTHERS)) + (await count(OWN)) === 0),
    during: (operation) =>
      one.pass(async () => {
        const renewal = await begin();
        try {
          await wait(GRACE_MS, signal);
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
