import type { Logger } from '../logger.ts';

/** Tries again for ever, at growing intervals, and says once when it begins to and once when it ends. */
export interface Retrier {
  /** Resolves with the operation's first success. Rejects only once stopped. */
  persist<T>(operation: () => Promise<T>): Promise<T>;
  /** Resolves once the condition holds; an error counts as no answer. Rejects only once stopped. */
  until(condition: () => Promise<boolean>): Promise<void>;
  /** Notes a failure, and resolves when it is time to try again. Rejects once stopped. */
  pause(error: unknown): Promise<void>;
  /** Notes that the other side answers. */
  succeeded(): void;
  /** Since when, in Unix milliseconds, and why it does not; null if it does. */
  trouble(): Trouble | null;
}

export interface Trouble {
  since: number;
  reason: string;
}

/** The wait was ended because the loader stops. */
export class StoppedError extends Error {
  override readonly name = 'StoppedError' as const;
  readonly code = 'stopped' as const;
}

export interface RetrierOptions {
  /** What is tried, as the subject of a sentence. */
  subject: string;
  signal: AbortSignal;
  clock: () => number;
  logger: Logger;
  /** The first delay. */
  baseMs: number;
  /** The longest one. */
  capMs: number;
}

export function createRetrier(options: RetrierOptions): Retrier {
  const { subject, signal, clock, logger, baseMs, capMs } = options;
  let trouble: Trouble | null = null;
  let attempt = 0;

  const retrier: Retrier = {
    async persist(operation) {
      for (;;) {
        try {
          const result = await operation();
          retrier.succeeded();
          return result;
        } catch (error) {
          await retrier.pause(error);
        }
      }
    },
    async until(condition) {
      while (!(await retrier.persist(condition))) await wait(baseMs, signal);
    },
    async pause(error) {
      if (error instanceof StoppedError) throw error;
      const reason = error instanceof Error ? error.message : String(error);
      if (trouble === null)
        logger.warn(`${subject} does not answer as it should; trying again until it does`, { reason });
      trouble = { since: trouble?.since ?? clock(), reason };
      // Half of the delay is certain, so that a server that is down is not asked in a tight loop.
      const delay = Math.min(capMs, baseMs * 2 ** attempt) * (0.5 + Math.random() / 2);
      attempt = Math.min(attempt + 1, 30);
      await wait(delay, signal);
    },
    succeeded() {
      attempt = 0;
      if (trouble === null) return;
      logger.info(`${subject} is back`, { afterMs: clock() - trouble.since });
      trouble = null;
    },
    trouble: () => trouble,
  };
  return retrier;
}

/** Resolves after `ms`, or rejects with StoppedError as soon as the signal is aborted. */
export async function wait(ms: number, signal: AbortSignal): Promise<void> {
  if (signal.aborted) throw new StoppedError('stopped');
  await new Promise<void>((resolve, reject) => {
    const stop = () => {
      clearTimeout(timer);
      reject(new StoppedError('stopped'));
    };
    const timer = setTimeout(() => {
      signal.removeEventListener('abort', stop);
      resolve();
    }, ms);
    signal.addEventListener('abort', stop, { once: true });
  });
}
