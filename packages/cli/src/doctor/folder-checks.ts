import { constants } from 'node:fs';
import { access, stat } from 'node:fs/promises';
import { folderOwner } from '@millrace/definitions';
import { readCredentials } from '../data-dir/credentials.ts';
import { isPortFree } from '../start/preflight.ts';
import { type Check, type Finding, ok, problem, warning } from './finding.ts';

/** Whether the data folder can be used, and by nobody else. */
export const dataFolder: Check = {
  name: 'data folder',
  async look({ paths, run }) {
    const found = await stat(paths.root).catch(() => undefined);
    if (!found) return [warning(`${paths.root} does not exist yet`, 'millrace start makes it')];
    if (!found.isDirectory())
      return [problem(`${paths.root} is not a folder`, 'name another with MILLRACE_DATA')];
    const writable = await access(paths.root, constants.W_OK | constants.X_OK).then(
      () => true,
      () => false,
    );
    if (!writable) {
      return [
        problem(`${paths.root} cannot be written by this user`, 'change its owner, or run as its owner'),
      ];
    }
    const owner = await folderOwner(paths.lock);
    if (owner !== undefined && !run) {
      return [
        warning(
          `${paths.root} is held by process ${owner}, which is starting, stopping or runs a command`,
          `look again when it is done; if it hangs, end process ${owner}`,
        ),
      ];
    }
    return [ok(`${paths.root} can be written${run ? `, in use by process ${run.supervisor.pid}` : ''}`)];
  },
};

/** Whether the secrets are there, whole and private. */
export const credentials: Check = {
  name: 'credentials',
  async look({ paths }) {
    const before = await stat(paths.credentials).catch(() => undefined);
    if (!before) return [ok('none yet: they are made at the first start')];
    const open = (before.mode & 0o077) !== 0;
    try {
      await readCredentials(paths.root);
    } catch (error) {
      return [problem(error instanceof Error ? error.message : String(error), 'restore it from a backup')];
    }
    return open
      ? [
          warning(
            `${paths.credentials} could be read by others; it no longer can`,
            'if others use this machine, remove the file while nothing runs: new passwords are made',
          ),
        ]
      : [ok('whole, and for their owner alone')];
  },
};

/** Whether the ports are free, where nothing of ours has them. */
export const ports: Check = {
  name: 'ports',
  async look({ config, run }) {
    if (run) return [ok(`the server has ${run.port}`)];
    const findings: Finding[] = [];
    if (!(await isPortFree(config.host, config.port))) {
      findings.push(
        problem(
          `port ${config.port} of ${config.host} cannot be used: another program has it, or the address is not this machine's`,
          `end that program, or choose another: PORT=${config.port + 100}`,
        ),
      );
    }
    for (const port of [config.clickhouseHttpPort, config.clickhouseTcpPort, config.definitionsPort]) {
      if (!(await isPortFree('127.0.0.1', port))) {
        findings.push(ok(`port ${port} is taken; the next free one will be used`));
      }
    }
    return findings.length > 0 ? findings : [ok(`${config.port} and the embedded ones are free`)];
  },
};
