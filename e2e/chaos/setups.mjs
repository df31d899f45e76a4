/** @typedef {import('./product.mjs').Setup} Setup */

/** What runs take turns with. @type {Setup[]} */
const SETUPS = [
  { log: 'spool', warehouse: 'outside' },
  { log: 'kafka', brokers: 1, loaders: 1, warehouse: 'outside' },
  { log: 'spool', warehouse: 'embedded' },
  { log: 'kafka', brokers: 3, loaders: 2, warehouse: 'outside' },
  { log: 'spool', warehouse: 'outside' },
  { log: 'kafka', brokers: 1, loaders: 2, warehouse: 'outside' },
  { log: 'spool', warehouse: 'outside' },
  { log: 'kafka', brokers: 3, loaders: 1, warehouse: 'outside' },
];

/**
 * The setup of a seed.
 * @param {number} seed
 * @param {'spool' | 'kafka' | 'both'} log
 * @returns {Setup}
 */
export function setupOf(seed, log) {
  const fitting = SETUPS.filter((setup) => log === 'both' || setup.log === log);
  const setup = fitting[(seed - 1) % fitting.length];
  if (!setup) throw new Error(`--log: expected spool, kafka or both, got ${log}`);
  return setup;
}

/** A setup in words. @param {Setup} setup */
export function describeSetup({ log, brokers = 1, loaders = 1, warehouse }) {
  if (log === 'spool') return warehouse === 'embedded' ? 'spool, all embedded' : 'spool';
  return `Kafka, ${brokers} broker${brokers > 1 ? 's' : ''}, ${loaders} loader${loaders > 1 ? 's' : ''}`;
}
