import { findEmbeddedLibrary } from '@millrace/warehouse-schema';
import { type Command, parseFlags } from '../command.ts';
import { readRunFile } from '../data-dir/run-file.ts';
import { describeOutlook } from '../start/outlook.ts';
import { parseParts } from '../start/parts.ts';
import { PreflightError, requireDataFolder, requireFreePort } from '../start/preflight.ts';
import { startMillrace } from '../start/start-millrace.ts';
import { untilStopped } from '../start/until-stopped.ts';
import { VERSION } from '../version.ts';
import { loadConfig } from './load-config.ts';

const flags = { host: { type: 'string' }, port: { type: 'string' }, only: { type: 'string' } } as const;

/** `millrace start`: everything, in the foreground, until Ctrl-C. */
export const start: Command = {
  summary: 'run everything: collector, loader, warehouse and pages, until Ctrl-C',
  usage: `Usage: millrace start [--host HOST] [--port PORT] [--data FOLDER] [--only PARTS]

Starts the collector, the loader, ClickHouse and the definitions over one data folder, and serves everything on
http://localhost:3500. Each process is kept up alone; Ctrl-C ends all of them in order and loses nothing.

  --host   the address to listen on (default 127.0.0.1: this machine alone)
  --port   the port (default 3500)
  --data   the data folder (default .millrace)
  --only   some of collector, studio, loader, with commas between; for a container or machine each. Needs
           CLICKHOUSE_URL and DATABASE_URL. The loader brings ClickHouse to this version's schema.
`,
  async run(argv, io) {
    const { values } = parseFlags(argv, flags);
    const config = loadConfig(io, values);
    const only = parseParts(values.only);
    const log = (line: string) => io.stderr.write(`${line}\n`);
    const running = await readRunFile(config.dataDir);
    if (running) {
      throw new PreflightError(
        `Millrace runs over ${config.dataDir} already, at ${running.url} (process ${running.supervisor.pid}).`,
        'Use that one, end it with millrace stop, or name another folder in MILLRACE_DATA.',
      );
    }
    if (!config.clickhouseUrl) findEmbeddedLibrary();
    await requireDataFolder(config.dataDir);
    if (only?.some((part) => part !== 'loader') ?? true) await requireFreePort(config.host, config.port);
    const stopping = new AbortController();
    const { signal } = stopping;
    const stopped = untilStopped().then(() => {
      log('Stopping …');
      stopping.abort();
    });
    try {
      const millrace = await startMillrace({ config, version: VERSION, only, log, signal });
      if (!signal.aborted) {
        io.stdout.write(describeOutlook(millrace.outlook, { colour: io.stdout.isTTY === true }));
      }
      await stopped;
      await millrace.stop();
    } catch (error) {
      if (!signal.aborted) throw error;
    }
    log('Stopped.');
    return 0;
  },
};
