import { access, statfs } from 'node:fs/promises';
import { dirname } from 'node:path';
import { findEmbeddedLibrary } from '@millrace/warehouse-schema';
import { type Check, ok, problem, readableBytes, warning } from './finding.ts';

const OLDEST_NODE = [20, 19] as const;
const LEAST_FREE_BYTES = 512 * 1024 ** 2;
const FEW_FREE_BYTES = 5 * 1024 ** 3;
/** No event can have been made before Millrace was. */
const EARLIEST_MS = Date.UTC(2026, 0, 1);

/** Whether Node is new enough. */
export const nodeVersion: Check = {
  name: 'node',
  async look() {
    const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
    const [oldMajor, oldMinor] = OLDEST_NODE;
    return major > oldMajor || (major === oldMajor && minor >= oldMinor)
      ? [ok(`Node ${process.versions.node}`)]
      : [
          problem(
            `Node ${process.versions.node} is too old`,
            `install Node ${OLDEST_NODE.join('.')} or newer`,
          ),
        ];
  },
};

/** Whether there is a ClickHouse for this platform, where one is needed. */
export const platform: Check = {
  name: 'platform',
  async look({ config }) {
    if (config.clickhouseUrl) return [ok('ClickHouse is given by CLICKHOUSE_URL')];
    try {
      findEmbeddedLibrary();
      return [ok(`an embedded ClickHouse for ${process.platform} ${process.arch} is installed`)];
    } catch (error) {
      return [
        problem(
          error instanceof Error ? error.message : String(error),
          'set CLICKHOUSE_URL to a ClickHouse of yours',
        ),
      ];
    }
  },
};

/** Whether settings are spelled as they should. */
export const settings: Check = {
  name: 'settings',
  async look({ warnings }) {
    if (warnings.length === 0) return [ok('all settings are understood')];
    return warnings.map((text) => warning(text, 'see millrace config for the names'));
  },
};

/** Whether the clock can be right. */
export const clock: Check = {
  name: 'clock',
  async look({ now }) {
    const time = new Date(now()).toISOString();
    return now() < EARLIEST_MS
      ? [problem(`the clock says ${time}, which is past`, 'set the clock: every event is dated by it')]
      : [ok(`the clock says ${time}`)];
  },
};

/** Whether the disk has room for what is to come. */
export const diskSpace: Check = {
  name: 'disk',
  async look({ paths }) {
    const { bavail, bsize } = await statfs(await nearestFolder(paths.root));
    const free = Number(bavail) * Number(bsize);
    const message = `${readableBytes(free)} free where ${paths.root} is`;
    const fix = 'free some space, or move the data folder to a larger disk (MILLRACE_DATA)';
    if (free < LEAST_FREE_BYTES) return [problem(`${message}: the spool takes no more events`, fix)];
    return [free < FEW_FREE_BYTES ? warning(message, fix) : ok(message)];
  },
};

async function nearestFolder(path: string): Promise<string> {
  const there = await access(path).then(
    () => true,
    () => false,
  );
  return there || dirname(path) === path ? path : nearestFolder(dirname(path));
}
