import { setTimeout as delay } from 'node:timers/promises';
import { reloadDictionaries, type WarehouseClient } from '@millrace/warehouse-schema';

/** What keeps ClickHouse's dictionaries up with the definitions. */
export interface FollowDictionariesOptions {
  store: { version(): Promise<number> };
  client: WarehouseClient;
  /** @default 1000 */
  intervalMs?: number;
  log: (line: string) => void;
}

/**
 * Lets ClickHouse read the definitions anew whenever they have changed. While either of the two is away it waits, and
 * the dictionaries keep what they have.
 */
export function followDictionaries(options: FollowDictionariesOptions): { close(): Promise<void> } {
  const { store, client, intervalMs = 1_000, log } = options;
  const ending = new AbortController();
  const { signal } = ending;
  let seen: number | undefined;
  let problem = '';

  async function look(): Promise<void> {
    try {
      const version = await store.version();
      if (version !== seen) await reloadDictionaries(client);
      seen = version;
      problem = '';
    } catch (error) {
      const words = error instanceof Error ? error.message : String(error);
      if (words !== problem) log(`the dictionaries cannot be read anew: ${words}`);
      problem = words;
    }
  }

  async function run(): Promise<void> {
    while (!signal.aborted) {
      await look();
      await delay(intervalMs, undefined, { signal, ref: false }).catch(() => {});
    }
  }

  const running = run();
  return {
    async close() {
      ending.abort();
      await running;
    },
  };
}
