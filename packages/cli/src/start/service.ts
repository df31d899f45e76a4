import { type Health, untilSilent } from './watch-health.ts';

/** How a service ended. */
export interface ServiceExit {
  code: number | null;
  signal: string | null;
}

/** A service that runs. `exited` resolves once, when its process is gone, wanted or not. */
export interface RunningService {
  pid: number;
  exited: Promise<ServiceExit>;
  /** Asks it to end in order, and ends it the hard way after its deadline. */
  stop(): Promise<void>;
}

/** What the supervisor keeps alive. */
export interface SupervisedService {
  readonly name: string;
  /** The running process, or undefined while it is down. */
  pid(): number | undefined;
  restarts(): number;
  stop(): Promise<void>;
}

/** What a supervised service is made of. */
export interface SupervisionOptions<S extends RunningService> {
  name: string;
  /** Starts it and resolves when it answers. Called again after each unexpected end. */
  start: () => Promise<S>;
  /** Told of every start, the first included. */
  onStart?: (service: S) => void;
  log: (line: string) => void;
  /** How it shows that it does not hang; without it, only its end is noticed. */
  health?: Health<S>;
  /** @default 100 */
  firstDelayMs?: number;
  /** @default 5000 */
  maxDelayMs?: number;
}

/** A service that stayed up this long has earned a fresh backoff. */
const STEADY_MS = 30_000;

/**
 * Starts a service and keeps it up: when it ends without having been asked, it is started again, after a
 * delay that doubles while it keeps failing. One that hangs is ended and started again. Rejects only if the first
 * start fails.
 */
export async function supervise<S extends RunningService>(
  options: SupervisionOptions<S>,
): Promise<SupervisedService> {
  const { name, start, onStart, log, health, firstDelayMs = 100, maxDelayMs = 5000 } = options;
  const stopping = new AbortController();
  let running: S | undefined;
  let restarts = 0;
  let delayMs = firstDelayMs;

  const begin = async () => {
    const service = await start();
    if (stopping.signal.aborted) return service.stop();
    running = service;
    onStart?.(service);
    return undefined;
  };

  /** Resolves when the service is gone, with why. */
  const untilEnded = async (service: S): Promise<string> => {
    const ended = new AbortController();
    let hung = false;
    if (health) {
      stopping.signal.addEventListener('abort', () => ended.abort(), { once: true, signal: ended.signal });
      void untilSilent(service, health, ended.signal).then((silent) => {
        hung = silent;
        if (silent) health.kill(service);
      });
    }
    const exit = await service.exited;
    ended.abort();
    return hung
      ? 'no longer answered and was ended'
      : `ended unexpectedly (${exit.signal ?? `code ${exit.code}`})`;
  };

  const keepUp = async () => {
    while (!stopping.signal.aborted) {
      const startedAt = Date.now();
      if (running) {
        const reason = await untilEnded(running);
        running = undefined;
        if (stopping.signal.aborted) return;
        log(`${name} ${reason}; starting it again`);
      }
      delayMs = Date.now() - startedAt > STEADY_MS ? firstDelayMs : Math.min(delayMs * 2, maxDelayMs);
      await pause(delayMs, stopping.signal);
      if (stopping.signal.aborted) return;
      restarts++;
      await begin().catch((error: unknown) => log(`${name} did not start: ${String(error)}`));
    }
  };

  await begin();
  const loop = keepUp();

  return {
    name,
    pid: () => running?.pid,
    restarts: () => restarts,
    stop: async () => {
      stopping.abort();
      await running?.stop();
      await loop;
    },
  };
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(done, ms);
    function done() {
      clearTimeout(timer);
      signal.removeEventListener('abort', done);
      resolve();
    }
    signal.addEventListener('abort', done, { once: true });
  });
}
