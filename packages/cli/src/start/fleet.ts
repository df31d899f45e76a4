import { join } from 'node:path';
import { identifyProcess } from '@millrace/definitions';
import type { Config } from '../config/read-config.ts';
import { dataPaths } from '../data-dir/data-paths.ts';
import { type RunFile, removeRunFile, writeRunFile } from '../data-dir/run-file.ts';
import { startNodeService } from './node-service.ts';
import { type RunningService, type SupervisedService, supervise } from './service.ts';
import type { Health } from './watch-health.ts';

/** First what takes events, then what loads them, last what holds them. */
const STOP_ORDER = ['server', 'loader', 'definitions', 'clickhouse'];

/** The processes of one Millrace, and `run.json`, which says what they are. */
export interface Fleet {
  /** What `run.json` says; may be changed, and is written at the next start of a process. */
  readonly run: RunFile;
  logFile(name: string): string;
  /** Starts a service and keeps it up as long as `probe` is answered; `onStart` is told of every start. */
  keep<S extends RunningService>(
    name: string,
    start: () => Promise<S>,
    onStart: (service: S) => void,
    probe: Health<S>['probe'],
  ): Promise<void>;
  /** The same for one of our own processes, which is told its settings at each start. */
  keepNode<Info>(name: string, settings: () => unknown, onInfo?: (info: Info) => void): Promise<void>;
  /** From now on `run.json` is there and follows what happens. */
  publish(): Promise<void>;
  /** Removes `run.json` and ends everything in order. */
  stop(): Promise<void>;
}

/** A fleet of no processes yet; `runFile` is where it says what runs. `signal` ends what is still starting. */
export function createFleet(
  config: Config,
  options: { log: (line: string) => void; runFile: string; signal?: AbortSignal | undefined },
): Fleet {
  const { log, runFile, signal } = options;
  const { logs } = dataPaths(config.dataDir);
  const services = new Map<string, SupervisedService>();
  const pids = new Map<string, number>();
  const run: RunFile = {
    supervisor: identifyProcess(process.pid),
    url: '',
    host: config.host,
    port: config.port,
    processes: {},
  };
  let isPublic = false;
  let writing = Promise.resolve();

  function write(): Promise<void> {
    if (isPublic) {
      run.processes = Object.fromEntries(pids);
      writing = writing.then(() => writeRunFile(runFile, run)).catch((error) => log(`run.json: ${error}`));
    }
    return writing;
  }

  const fleet: Fleet = {
    run,
    logFile: (name) => join(logs, `${name}.log`),
    async keep(name, start, onStart, probe) {
      const noted = (service: Parameters<typeof onStart>[0]) => {
        pids.set(name, service.pid);
        onStart(service);
        void write();
      };
      const health = { probe, kill: ({ pid }: RunningService) => void process.kill(pid, 'SIGKILL') };
      services.set(name, await supervise({ name, start, onStart: noted, log, health }));
    },
    keepNode<Info>(name: string, settings: () => unknown, onInfo: (info: Info) => void = () => {}) {
      const start = () =>
        startNodeService<Info>({
          entry: name,
          settings: settings(),
          logFile: fleet.logFile(name),
          signal,
        });
      return fleet.keep(
        name,
        start,
        ({ info }) => onInfo(info),
        (service, signal) => service.ping(signal),
      );
    },
    publish() {
      isPublic = true;
      return write();
    },
    async stop() {
      isPublic = false;
      await writing;
      await removeRunFile(runFile);
      for (const name of STOP_ORDER) await services.get(name)?.stop();
    },
  };
  return fleet;
}
