import { execFile } from 'node:child_process';
import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { MAIN } from '../support/millrace.mjs';

const run = promisify(execFile);
const TOPICS = ['millrace.events', 'millrace.rejected'];
const GROUP = 'millrace-loader';

/**
 * Whether the loaders have come to the end of the log, and nothing waits in a buffer before it.
 * @param {import('./product.mjs').Product} product
 * @param {string} dataDir
 * @returns {Promise<boolean>}
 */
export async function isLoaded({ kafka, main }, dataDir) {
  if (!kafka) return isSpoolLoaded(main().env);
  return (await isBufferDrained(join(dataDir, 'buffer'))) && (await isTopicLoaded(kafka).catch(() => false));
}

/** @param {NodeJS.ProcessEnv} env */
async function isSpoolLoaded(env) {
  // It ends with 1 where it finds something else to complain about.
  const { stdout } = await run(process.execPath, [MAIN, 'doctor', '--json'], { env }).catch((error) => error);
  return stdout.includes('everything is loaded');
}

/** @param {string} folder */
async function isBufferDrained(folder) {
  const segments = (await readdir(folder)).filter((name) => name.endsWith('.seg')).sort();
  const newest = segments.at(-1);
  if (!newest) return true;
  const [json = '{}'] = (await readFile(join(folder, 'drained.json'), 'utf8').catch(() => '{}')).split('\n');
  const { logId = '', offset = 0 } = JSON.parse(json);
  return logId.endsWith(newest.replace('.seg', '')) && offset >= (await stat(join(folder, newest))).size;
}

/** @param {import('../../scripts/services/kafka.mjs').RunningKafka} kafka */
async function isTopicLoaded(kafka) {
  const admin = kafka.admin();
  try {
    await admin.connect();
    const committed = await admin.fetchOffsets({ groupId: GROUP, topics: TOPICS });
    for (const { topic, partitions } of committed) {
      const ends = await admin.fetchTopicOffsets(topic);
      const isBehind = ends.some(({ partition, low, high }) => {
        const offset = Number(partitions.find((one) => one.partition === partition)?.offset ?? -1);
        return Number(high) > Number(low) && offset < Number(high);
      });
      if (isBehind) return false;
    }
    return true;
  } finally {
    await admin.disconnect();
  }
}
