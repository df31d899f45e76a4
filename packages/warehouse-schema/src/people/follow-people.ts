import { randomUUID } from 'node:crypto';
import { type Follower, follow } from '../background/follow.ts';
import type { WarehouseClient } from '../client.ts';
import { runQuery } from '../queries/run-query.ts';
import { reloadPersonDictionary } from './person-dictionary.ts';
import { updatePeople } from './update-people.ts';

/** What keeps people up with the links between ids. */
export interface FollowPeopleOptions {
  /** An administrator of the warehouse. */
  client: WarehouseClient;
  /** How long to rest between two looks; where a look took long, four times as long as that, up to 20 s. @default 5000 */
  intervalMs?: number;
  log: (line: string) => void;
}

interface Run {
  holder: string;
  seen_since: number;
  news: number;
  newest: number;
  swept_at: number;
}

interface LastRun extends Run {
  held: number;
  now: number;
  settled: number;
  news_now: number;
  newest_now: number;
  version: number;
}

/** How long another waits for one that ended in the middle. */
const HELD_MS = 60_000;
/** A link is seen only some time after it says that it arrived: what is looked at reaches back so far at least. */
const OVERLAP_MS = 30_000;
/** Everything is looked at once in this time: links expire without news. */
const SWEEP_MS = 24 * 60 * 60_000;

/**
 * Keeps `person_override_versions`, and with it the dictionary, up with the links. Several may do so: of those one at a
 * time works, and what it does depends on the links alone. Its looks resolve to how many ids changed. While the warehouse is away it says so once, and waits.
 */
export function followPeople(options: FollowPeopleOptions): Follower {
  const { client, intervalMs = 5_000, log } = options;
  const holder = randomUUID();
  let reloaded: number | undefined;

  async function look(signal: AbortSignal): Promise<number> {
    const [last] = await runQuery<object, LastRun>(client, 'people/last-run', {
      overlap_ms: OVERLAP_MS,
    });
    if (!last) return 0;
    const changed = await work(last, signal);
    if (changed > 0 || last.version !== reloaded) {
      await reloadPersonDictionary(client);
      // The version after this look's own is found at the next.
      reloaded = changed > 0 ? undefined : last.version;
    }
    return changed;
  }

  async function work(last: LastRun, signal: AbortSignal): Promise<number> {
    const isSweep = last.now - last.swept_at > SWEEP_MS;
    const hasNews = last.news_now !== last.news || last.newest_now !== last.newest;
    if ((last.held && last.holder !== holder) || !(isSweep || hasNews)) return 0;
    const since = isSweep ? 0 : last.seen_since;
    await note(last, HELD_MS);
    // Counted before the links are read: what comes in between has news for the next look.
    const [next] = await runQuery<object, Run>(client, 'people/seen', { since: last.settled });
    const [all] = await runQuery<object, Run>(client, 'people/seen', { since });
    const changed = await updatePeople({
      client,
      since,
      news: all?.news ?? 0,
      beforeSlice: async () => {
        signal.throwIfAborted();
        await note(last, HELD_MS);
      },
    });
    const swept_at = isSweep ? last.now : last.swept_at;
    const seen = { news: next?.news ?? 0, newest: next?.newest ?? 0 };
    await note({ ...seen, seen_since: last.settled, swept_at }, 0);
    return changed;
  }

  async function note(run: Omit<Run, 'holder'>, holdMs: number): Promise<void> {
    const { seen_since, news, newest, swept_at } = run;
    await client.command(
      `INSERT INTO person_runs (holder, held_until, seen_since, news, newest, swept_at)
       SELECT {holder:String}, now64(3, 'UTC') + toIntervalMillisecond({hold:UInt32}),
         fromUnixTimestamp64Milli({seen_since:Int64}, 'UTC'), {news:UInt64},
         fromUnixTimestamp64Milli({newest:Int64}, 'UTC'), fromUnixTimestamp64Milli({swept_at:Int64}, 'UTC')`,
      {
        settings: { distributed_foreground_insert: 1 },
        params: { holder, hold: holdMs, seen_since, news, newest, swept_at },
      },
    );
  }

  const problem = (words: string) => log(`people cannot be brought up to date: ${words}`);
  return follow({ look, intervalMs, problem });
}
