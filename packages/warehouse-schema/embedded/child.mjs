// The process that becomes ClickHouse: `node child.mjs <options as JSON> <ClickHouse arguments...>`.
// Plain JavaScript, since Node runs it as it is, from the sources and from the published package.
// `chdb_query_cmdline` blocks its thread for good, so nothing that this file starts on it comes back.
import { once } from 'node:events';
import { dirname } from 'node:path';
import { Worker } from 'node:worker_threads';
import { DataType, load, open } from 'ffi-rs';
import { confine, prctl } from './confine.mjs';

const PR_SET_PDEATHSIG = 1;
const SIGTERM = 15;

const [json, ...args] = process.argv.slice(2);
const { parentPid, library, dataDir, logDir } = JSON.parse(json);

// Ctrl-C goes to the whole group; who started this process ends it in order, by SIGTERM.
process.on('SIGINT', () => {});
if (process.platform === 'linux') open({ library: 'libc', path: 'libc.so.6' });
await dieWithParent(parentPid);
open({ library: 'chdb', path: library });
if (process.platform === 'linux') confine({ dataDir, logDir, libraryDir: dirname(library) });

process.exitCode = load({
  library: 'chdb',
  funcName: 'chdb_query_cmdline',
  retType: DataType.I32,
  paramsType: [DataType.I32, DataType.StringArray],
  paramsValue: [args.length, args],
});

async function dieWithParent(pid) {
  if (process.platform === 'linux') {
    prctl(PR_SET_PDEATHSIG, SIGTERM);
  } else {
    // macOS has no such call; a thread of its own looks who the parent is, since the main one will be busy.
    const watcher = new Worker(
      `setInterval(() => { if (process.ppid !== ${pid}) process.kill(process.pid, 'SIGKILL'); }, 500);`,
      { eval: true },
    );
    await once(watcher, 'online');
    watcher.unref();
  }
  // The parent may have gone before the call above.
  if (process.ppid !== pid) process.exit(1);
}
