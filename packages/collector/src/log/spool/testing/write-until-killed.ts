/**
 * For tests, as a process: appends records named `<run>-<n>` from several sides at once, prints the name of each
 * that was acknowledged, one a line, until it is killed. Arguments: folder, run, segment bytes.
 */
import { writeSync } from 'node:fs';
import { createSpool } from '../spool.ts';
import { recordOf } from './record-of.ts';

const [folder = '', run = '', segmentBytes = ''] = process.argv.slice(2);
const spool = await createSpool({ folder, segmentBytes: Number(segmentBytes) });
let count = 0;

async function appendForEver(): Promise<void> {
  while (true) {
    const name = `${run}-${count++}`;
    await spool.append(recordOf(name));
    // Straight to the pipe: what is acknowledged must be known to the parent before the process dies.
    writeSync(1, `${name}\n`);
  }
}

writeSync(1, 'ready\n');
await Promise.all(Array.from({ length: 16 }, appendForEver));
