import { type ChildProcess, spawn } from 'node:child_process';
import { openSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { RunningService, ServiceExit } from './service.ts';

/** A Node process of ours that runs; `info` is what it said of itself when it was ready. */
export interface NodeService<Info> extends RunningService {
  info: Info;
  /** Resolves when its event loop has answered; rejects when `signal` aborts before. */
  ping(signal: AbortSignal): Promise<void>;
}

/** How a Node process of ours is started. */
export interface NodeServiceOptions {
  /** The entry in `dist/processes`, without its ending. */
  entry: string;
  /** Sent to it as its first message; passwords travel here rather than in arguments or the environment. */
  settings: unknown;
  /** The file that takes what it prints. */
  logFile: string;
  /** How long it may take until it says that it is ready. @default 30000 */
  readyMs?: number;
  /** How long it may take to end in order. @default 10000 */
  stopMs?: number;
  /** Ends it while it is not ready yet; later it changes nothing. */
  signal?: AbortSignal | undefined;
}

/**
 * A smaller young generation for the server: under full load it keeps the process below 200 MB, for some CPU
 * (docs/performance.md).
 */
const FLAGS: Record<string, string[]> = { server: ['--max-semi-space-size=4'] };

type Message<Info> = { ready: Info } | { failed: string };

/** Starts one of our own processes; resolves when it says that it is ready, rejects when `signal` aborts before. */
export async function startNodeService<Info>(options: NodeServiceOptions): Promise<NodeService<Info>> {
  const { entry, settings, logFile, readyMs = 30_000, stopMs = 10_000, signal } = options;
  signal?.throwIfAborted();
  const out = openSync(logFile, 'a');
  const file = fileURLToPath(new URL(`./processes/${entry}.js`, import.meta.url));
  const child = spawn(process.execPath, ['--enable-source-maps', ...(FLAGS[entry] ?? []), file], {
    stdio: ['ignore', out, out, 'ipc'],
    // Out of the terminal's group: Ctrl-C is for the supervisor alone, who decides who stops when.
    detached: true,
    // libuv reads it once, at the start: with the default of four, a sync waits behind compression and DNS.
    env: { ...process.env, UV_THREADPOOL_SIZE: process.env.UV_THREADPOOL_SIZE ?? '16' },
  });
  const exited = new Promise<ServiceExit>((resolve) => {
    child.once('exit', (code, signal) => resolve({ code, signal }));
    child.once('error', () => resolve({ code: 1, signal: null }));
  });
  // A child that is gone already is told of by `exited`.
  child.send({ settings }, () => {});
  const abandon = () => child.kill('SIGTERM');
  signal?.addEventListener('abort', abandon, { once: true });
  const info = await ready<Info>(child, exited, { entry, readyMs, logFile }).finally(() =>
    signal?.removeEventListener('abort', abandon),
  );
  return {
    pid: child.pid ?? 0,
    info,
    exited,
    ping: (signal) => ping(child, signal),
    stop: () => stop(child, exited, stopMs),
  };
}

function ping(child: ChildProcess, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const settle = (error?: unknown) => {
      child.off('message', onMessage);
      signal.removeEventListener('abort', onAbort);
      if (error) reject(error);
      else resolve();
    };
    const onMessage = () => settle();
    const onAbort = () => settle(signal.reason);
    child.on('message', onMessage);
    signal.addEventListener('abort', onAbort, { once: true });
    child.send({ ping: true }, (error) => error && settle(error));
  });
}

function ready<Info>(
  child: ChildProcess,
  exited: Promise<ServiceExit>,
  { entry, readyMs, logFile }: { entry: string; readyMs: number; logFile: string },
): Promise<Info> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => {
      child.kill('SIGKILL');
      reject(new Error(`${entry} was not ready within ${readyMs / 1000} s; see ${logFile}`));
    }, readyMs);
    child.once('message', (message: Message<Info>) => {
      clearTimeout(timer);
      if ('ready' in message) resolve(message.ready);
      else reject(new Error(message.failed));
    });
    void exited.then(({ code, signal }) => {
      clearTimeout(timer);
      reject(new Error(`${entry} ended at once (${signal ?? `code ${code}`}); see ${logFile}`));
    });
  });
}

async function stop(child: ChildProcess, exited: Promise<ServiceExit>, stopMs: number): Promise<void> {
  const timer = setTimeout(() => child.kill('SIGKILL'), stopMs);
  if (child.connected) child.send({ stop: true });
  else child.kill('SIGTERM');
  await exited;
  clearTimeout(timer);
}
