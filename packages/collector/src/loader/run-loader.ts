import { afterChunk } from './after-chunk.ts';
import { createChunkSource } from './chunk-source.ts';
import type { DrainWaiters } from './drain-waiters.ts';
import { finishPlan } from './finish-plan.ts';
import { createJournal, type OpenedState } from './journal.ts';
import { type LoadOutcome, loadChunk } from './load-chunk.ts';
import type { LoaderLock } from './loader-lock.ts';
import type { LoaderOptions, LoaderStatus } from './loader-options.ts';
import { queryIdPrefix } from './log-order.ts';
import { type LookAhead, lookAhead } from './look-ahead.ts';
import type { PreparedChunk } from './prepare-chunk.ts';
import { type ChunkLimits, rereadChunk } from './raw-chunk.ts';
import { rememberIds } from './remember-ids.ts';
import { createRetrier, type Retrier, StoppedError, type Trouble } from './retrier.ts';
import { createSuppression } from './suppression.ts';

const DEFAULT_LIMITS: ChunkLimits = { rows: 20_000, bytes: 16 * 1024 * 1024, ageMs: 200 };
const DEFAULT_RETRY_MS = { first: 100, longest: 5000 };
const DEFAULT_REMEMBERED_IDS = 200_000;

export interface LoaderRun {
  options: Omit<LoaderOptions, 'stateDir'>;
  signal: AbortSignal;
  lock: Pick<LoaderLock, 'isAskedFor' | 'yield'>;
  /** Finds the state to go on from; the retrier is for questions to the warehouse. */
  open(questions: Retrier): Promise<OpenedState>;
  drains: DrainWaiters;
  report(change: Partial<LoaderStatus>): void;
  watchTrouble(trouble: () => Trouble | null): void;
}

/**
 * Loads until the signal is aborted. While a chunk is inserted the next one is read and prepared, but what it
 * is gets written down only when the one before it is done: one sync ends a chunk and begins the next.
 */
export async function runLoader(run: LoaderRun): Promise<void> {
  const { options, signal, lock, drains, report } = run;
  const { reader, warehouse, logger } = options;
  const clock = options.clock ?? Date.now;
  const fault = options.faults ?? (() => {});
  const limits = { ...DEFAULT_LIMITS, ...options.limits };
  const { first: baseMs, longest: capMs } = options.retryMs ?? DEFAULT_RETRY_MS;
  const retries = { signal, clock, logger, baseMs, capMs };
  const inserts = createRetrier({ subject: 'The warehouse (inserts)', ...retries });
  const questions = createRetrier({ subject: 'The warehouse (queries)', ...retries });
  run.watchTrouble(() => inserts.trouble() ?? questions.trouble());

  const journal = createJournal(await run.open(questions), async ({ checkpoint, totals }) => {
    report({ checkpoint, totals });
    await reader.release(checkpoint);
  });
  const suppression = createSuppression(warehouse);
  await questions.persist(() => suppression.reload());
  const capacity = options.rememberedIds ?? DEFAULT_REMEMBERED_IDS;
  const seenIds = await questions.persist(() => rememberIds(journal.state, warehouse, capacity));
  let isLoading = true;
  let emptyRead = 0;
  const source = createChunkSource({
    reader,
    warehouse,
    retrier: questions,
    seenIds,
    limits,
    clock,
    readBegins: () => drains.readBegins(),
    async foundNothing(read) {
      emptyRead = read;
      if (isLoading) return;
      rest();
      await letOthers();
    },
  });

  function rest(): void {
    report({ state: 'idle', oldestPendingAt: null });
    drains.foundNothing(emptyRead);
  }

  async function letOthers(): Promise<void> {
    if (!(await lock.isAskedFor())) return;
    await journal.saveIfChanged();
    report({ state: 'paused' });
    await lock.yield(signal);
    // A person may have been deleted meanwhile: what is loaded from now on knows of it.
    await questions.persist(() => suppression.reload());
  }

  async function load(chunk: PreparedChunk, isDoubtful: boolean): Promise<LoadOutcome> {
    report({ state: 'loading', oldestPendingAt: chunk.oldestReceivedAt });
    const outcome = await loadChunk(chunk, isDoubtful, {
      warehouse,
      inserts,
      questions,
      logger,
      fault,
      suppression,
      queryIdPrefix: queryIdPrefix(chunk.start),
      state: () => journal.state,
      savePlan: (plan) => journal.save({ plan }),
    });
    for (const [row] of outcome.refused) {
      const { projectId, messageId } = chunk.originOf(chunk.events.offsetOf(row), chunk.events.indexOf(row));
      seenIds.forget(projectId, messageId);
    }
    journal.change(afterChunk(journal.state, chunk, outcome));
    options.onChunk?.({
      events: chunk.events.length - chunk.events.gaps - outcome.refused.length,
      duplicates: chunk.duplicates,
      rejected: chunk.rejected.length - chunk.rejected.gaps + outcome.refused.length,
      conflicts: chunk.conflicts,
      notInsertable: outcome.refused.length,
      compared: outcome.compared,
    });
    await fault('loaded');
    return outcome;
  }

  async function loadAndLookAhead(chunk: PreparedChunk): Promise<LookAhead> {
    await letOthers();
    const { start, end, next } = chunk;
    await journal.save({ plan: { start, end, next, parts: {} } });
    await fault('planned');
    const ahead = lookAhead(source, next, chunk.newestReceivedAt, signal);
    try {
      const { refused } = await load(chunk, chunk.oldestReceivedAt < journal.state.compareReceivedBefore);
      if (refused.length === 0) return ahead;
      // It was prepared as if the refused rows had been loaded.
      await ahead.discard();
      return lookAhead(source, next, chunk.newestReceivedAt, signal);
    } catch (error) {
      await ahead.discard();
      throw error;
    }
  }

  async function loadAll(): Promise<void> {
    await finishPlan(journal, logger, clock, async (plan) => {
      const raw = await rereadChunk(reader, plan, limits);
      await load(await source.prepare(raw, journal.state.newestReceivedAt), true);
    });
    await journal.saveIfChanged();
    isLoading = false;
    let ahead = lookAhead(source, journal.state.checkpoint, journal.state.newestReceivedAt, signal);
    for (;;) {
      const chunk = await ahead.chunk;
      if (!chunk) break;
      isLoading = true;
      ahead = await loadAndLookAhead(chunk);
      if (ahead.isReady()) continue;
      await journal.saveIfChanged();
      isLoading = false;
      rest();
    }
    await journal.saveIfChanged();
  }

  await loadAll().catch((error: unknown) => {
    if (!(error instanceof StoppedError)) throw error;
  });
}
