import { type ChildProcess, spawn } from 'node:child_process';
import { packageFile } from '../package-files.ts';

/** How a process ended. */
export interface Exit {
  code: number | null;
  signal: NodeJS.Signals | null;
}

/** The process that ClickHouse runs in. */
export interface EmbeddedChild {
  pid: number;
  exited: Promise<Exit>;
  hasExited(): boolean;
  /** The end of what it wrote to standard error. */
  output(): string;
  stop(): Promise<void>;
}

interface ChildOptions {
  library: string;
  /** All that it may write and read, beside what the system needs. */
  dataDir: string;
  /** What it may write alone: other logs may lie there. */
  logDir: string;
  env: NodeJS.ProcessEnv | undefined;
  args: string[];
}

const STOP_TIMEOUT_MS = 10_000;
const OUTPUT_CHARS = 4_000;
/** Ends only with the process: ClickHouse listens for as long as the query of its command line runs. */
const LISTEN = [
  'SYSTEM START LISTEN HTTP',
  'SYSTEM START LISTEN TCP',
  'SELECT sleepEachRow(3) FROM system.numbers SETTINGS function_sleep_max_microseconds_per_block=0, max_block_size=1, max_execution_time=0 FORMAT Null',
].join('; ');

/** Starts the process. It ends with this one. */
export function spawnChild({ library, dataDir, logDir, env, args }: ChildOptions): EmbeddedChild {
  const options = { parentPid: process.pid, library, dataDir, logDir };
  const child = spawn(
    process.execPath,
    [
      packageFile('embedded/child.mjs'),
      JSON.stringify(options),
      'clickhouse',
      ...args,
      '--send_logs_level=warning',
      '--query',
      LISTEN,
    ],
    // A session of its own, so that Ctrl-C in the terminal does not end it before those who still write to it.
    { cwd: dataDir, detached: true, stdio: ['ignore', 'ignore', 'pipe'], env: childEnvironment(env) },
  );
  let exit: Exit | undefined;
  const exited = new Promise<Exit>((resolve) => {
    child.once('exit', (code, signal) => {
      exit = { code, signal };
      resolve(exit);
    });
    child.once('error', () => {
      exit = { code: null, signal: null };
      resolve(exit);
    });
  });
  return {
    pid: child.pid ?? 0,
    exited,
    hasExited: () => exit !== undefined,
    output: collectTail(child),
    async stop() {
      if (exit !== undefined) return;
      child.kill('SIGTERM');
      const timer = setTimeout(() => child.kill('SIGKILL'), STOP_TIMEOUT_MS);
      await exited;
      clearTimeout(timer);
    },
  };
}

/** A query can read the process's environment, so none of our secrets goes there. */
function childEnvironment(given: NodeJS.ProcessEnv = {}): NodeJS.ProcessEnv {
  const harmless = /^(PATH|HOME|LANG|LC_.*|TZ|TMPDIR|CHDB_.*)$/;
  return {
    ...Object.fromEntries(Object.entries(process.env).filter(([name]) => harmless.test(name))),
    ...given,
  };
}

function collectTail(child: ChildProcess): () => string {
  let tail = '';
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    tail = (tail + text).slice(-OUTPUT_CHARS);
  });
  return () => tail.trim();
}
