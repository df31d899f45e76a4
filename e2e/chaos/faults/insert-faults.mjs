import { setTimeout as sleep } from 'node:timers/promises';

/** @typedef {import('../services/warehouse-proxy.mjs').InsertFault} InsertFault */
/** @typedef {import('../random.mjs').Random} Random */

/** What a ClickHouse in trouble says, and a load balancer in front of none. @type {[status: number, code: number | undefined, text: string][]} */
const REFUSALS = [
  [
    500,
    252,
    'Code: 252. DB::Exception: Too many parts (3000). Merges are processing slower than inserts. (TOO_MANY_PARTS)',
  ],
  [500, 241, 'Code: 241. DB::Exception: Memory limit (total) exceeded. (MEMORY_LIMIT_EXCEEDED)'],
  [500, 242, 'Code: 242. DB::Exception: Table is in readonly mode. (TABLE_IS_READ_ONLY)'],
  [500, 243, 'Code: 243. DB::Exception: Cannot reserve 1.00 MiB, not enough space. (NOT_ENOUGH_SPACE)'],
  [503, undefined, '<html><body>503 Service Unavailable</body></html>'],
];

/** ClickHouse answers with an error, and has not read the rows. @type {(random: Random) => InsertFault} */
export const refuse = (random) => async (insert) => insert.refuse(...random.pick(REFUSALS));

/** The rows come in drops, and so does the answer. @type {(random: Random) => InsertFault} */
export const slow = (random) => async (insert) => {
  const { rows, answer } = insert.open();
  const size = Math.ceil(insert.body.length / 8);
  for (let from = 0; from < insert.body.length; from += size) {
    rows.write(insert.body.subarray(from, from + size));
    await sleep(random.between(20, 300));
  }
  rows.end();
  insert.answer(await answer);
};

/** The connection ends somewhere in the rows. @type {(random: Random) => InsertFault} */
export const cutRows = (random) => async (insert) => {
  const { rows } = insert.open();
  rows.write(insert.body.subarray(0, random.between(0, insert.body.length - 1)));
  await sleep(random.between(0, 50));
  rows.destroy();
  insert.hangUp();
};

/**
 * ClickHouse gets all of it, and nobody hears what it says: the loader's connection ends while the insert runs, or
 * with the answer.
 * @type {(random: Random) => InsertFault}
 */
export const loseAnswer = (random) => async (insert) => {
  const { rows, answer } = insert.open();
  rows.end(insert.body);
  if (random.chance(0.5)) insert.hangUp();
  (await answer).resume();
  insert.hangUp();
};

/**
 * ClickHouse is killed with some of the rows, or all and at work.
 * @type {(random: Random, kill: () => boolean) => InsertFault}
 */
export const dieWithin = (random, kill) => async (insert) => {
  const { rows } = insert.open();
  if (random.chance(0.4)) rows.write(insert.body.subarray(0, random.between(0, insert.body.length - 1)));
  else rows.end(insert.body);
  await sleep(random.between(0, 40));
  kill();
  insert.hangUp();
};

/**
 * Half of the rows are with ClickHouse, which waits for the rest while `meanwhile` runs.
 * @type {(meanwhile: () => Promise<void>) => InsertFault}
 */
export const hold = (meanwhile) => async (insert) => {
  const { rows, answer } = insert.open();
  const half = Math.floor(insert.body.length / 2);
  rows.write(insert.body.subarray(0, half));
  try {
    await meanwhile();
  } finally {
    rows.end(insert.body.subarray(half));
  }
  insert.answer(await answer);
};
