/** By the innermost frame that one of them knows, outwards: what Node does is counted to whoever asked for it. */
const BUCKETS = [
  ['GC', ({ name }) => name === '(garbage collector)'],
  ['CRC-32C', ({ name, url }) => /crc32c/i.test(url) || /crc32c/i.test(name)],
  [
    'Kafka client: encode',
    ({ url }) =>
      /kafkajs\/src\/protocol|platformatic\/(kafka\/dist\/(protocol|apis)|dynamic-buffer)/.test(url),
  ],
  ['Kafka client: the rest', ({ url }) => /\/kafkajs\/|@platformatic/.test(url)],
  ['place in partitions, murmur3', ({ name }) => PLACE.has(name)],
  ['user agent', ({ url }) => url.includes('ua-parser')],
  ['scan, check, enrich, row', ({ name, url }) => isCollector(url) && !HTTP.has(name) && !QUEUE.has(name)],
  ['send queue', ({ name, url }) => isCollector(url) && QUEUE.has(name)],
  ['HTTP', ({ name, url }) => HTTP.has(name) || /hono|_http_|node:internal\/http/.test(url)],
  [
    'sockets and streams',
    ({ url, name }) =>
      /node:(net|internal\/(stream|streams|js_stream))|stream_base/.test(url) ||
      name === 'writev' ||
      name === 'writeBuffer',
  ],
  ['native code, timers, the rest', () => true],
];
const PLACE = new Set([
  'placeRecord',
  'partitionOf',
  'murmur3',
  'encodeEventsMessage',
  'originHeaders',
  'finish',
  'endOfLine',
]);
const HTTP = new Set(['readBody', 'receive', 'decodeBody', 'onRequest', 'onIncoming', 'parserOnIncoming']);
const QUEUE = new Set([
  'push',
  'pump',
  'sendGroup',
  'takeGroup',
  'trySend',
  'sendInHalves',
  'weigh',
  'cut',
  'enqueue',
]);
const isCollector = (url) => url.includes('/collector/dist/');

/** The time of each bucket, in percent of the time that was not idle, and the functions that took most by themselves. */
export function addBuckets({ nodes, samples, timeDeltas }) {
  const byId = new Map(nodes.map((node) => [node.id, node]));
  const parents = new Map(nodes.flatMap(({ id, children = [] }) => children.map((child) => [child, id])));
  const frameOf = (id) => {
    const { functionName, url } = byId.get(id).callFrame;
    return { name: functionName, url };
  };
  const bucketOf = new Map();
  const find = (id) => {
    for (let at = id; at !== undefined; at = parents.get(at)) {
      const frame = frameOf(at);
      const [title] = BUCKETS.find(([, matches]) => matches(frame));
      if (title !== BUCKETS.at(-1)[0]) return title;
    }
    return BUCKETS.at(-1)[0];
  };
  const times = Object.fromEntries(BUCKETS.map(([title]) => [title, 0]));
  const self = new Map();
  let busy = 0;
  for (const [index, id] of samples.entries()) {
    const { name, url } = frameOf(id);
    if (name === '(idle)') continue;
    if (!bucketOf.has(id)) bucketOf.set(id, find(id));
    busy += timeDeltas[index];
    times[bucketOf.get(id)] += timeDeltas[index];
    const label = `${name || '(anonymous)'} ${url.split('/').at(-1)}`;
    self.set(label, (self.get(label) ?? 0) + timeDeltas[index]);
  }
  const percent = (time) => (100 * time) / busy;
  return {
    shares: Object.fromEntries(Object.entries(times).map(([title, time]) => [title, percent(time)])),
    top: [...self]
      .sort(([, a], [, b]) => b - a)
      .slice(0, 15)
      .map(([what, time]) => ({ what, '%': Number(percent(time).toFixed(1)) })),
  };
}
