/** @type {Record<string, import('./faults.mjs').Fault>} */
export const processFaults = {
  'collector killed': {
    fits: () => true,
    cause: ({ main }) => main().kill('server'),
  },
  'loader killed': {
    fits: () => true,
    cause: ({ loaders }, random) => random.pick(loaders()).kill('loader'),
  },
  'ClickHouse killed': {
    fits: () => true,
    cause: ({ killClickHouse }) => killClickHouse(),
  },
};
