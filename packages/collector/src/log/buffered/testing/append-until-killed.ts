/**
 * For tests, as a process: appends records to Kafka with a buffer in front, from several sides at once, and
 * prints the ids of each that was acknowledged, one record a line, until it is killed. Arguments: the buffer's
 * folder, the brokers, a name for the run.
 */
import { writeSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { makeRecord } from '../../../loader/testing/make-record.ts';
import { eventOf, openBufferedLog } from './open-buffered-log.ts';

const [folder = '', brokers = '', run = ''] = process.argv.slice(2);
const log = await openBufferedLog(folder, brokers.split(','));
let count = 0;

async function appendForEver(): Promise<void> {
  while (true) {
    const ids = Array.from({ length: 5 }, () => `${run}-${count++}`);
    const acked = await log.append(makeRecord({ events: ids.map(eventOf) })).then(
      () => true,
      () => false,
    );
    // Straight to the pipe: what is acknowledged must be known to the parent before the process dies.
    if (acked) writeSync(1, `${ids.join(' ')}\n`);
    await pause(acked ? 10 : 100);
  }
}

writeSync(1, 'ready\n');
await Promise.all(Array.from({ length: 12 }, appendForEver));
