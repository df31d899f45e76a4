const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

/**
 * Events of one device, as an SDK would queue them: most are new, some have waited for minutes, some for days,
 * so that both the loader's memory of ids and its look-up are put to work. The device's clock is off by `skewMs`.
 * @param {{ name: string, skewMs: number, random: import('./random.mjs').Random }} device
 */
export function createShopEvents({ name, skewMs, random }) {
  let count = 0;
  const nextId = () => `${name}-${count++}`;
  const clientTime = () => new Date(Date.now() + skewMs - age()).toISOString();

  const age = () => {
    const kind = random.next();
    if (kind < 0.85) return random.between(0, 2000);
    if (kind < 0.95) return random.between(MINUTE_MS, 5 * HOUR_MS);
    return random.between(5 * HOUR_MS, 6 * 24 * HOUR_MS);
  };

  const body = () => {
    const kind = random.next();
    if (kind < 0.5)
      return {
        type: 'page',
        name: 'Product',
        properties: { url: `https://shop.example/p/${random.between(1, 90)}` },
      };
    if (kind < 0.9)
      return {
        type: 'track',
        event: 'Product Added',
        properties: { product_id: `p${random.between(1, 90)}`, quantity: random.between(1, 3) },
      };
    if (kind < 0.97)
      return {
        type: 'track',
        event: 'Order Completed',
        properties: { revenue: random.between(100, 20_000) / 100, currency: 'EUR' },
      };
    return { type: 'identify', traits: { plan: random.pick(['free', 'paid']) } };
  };

  return {
    /** The device's own idea of now, Unix milliseconds. */
    now: () => Date.now() + skewMs,
    /** @type {(size: number) => import("./client.mjs").Event[]} */
    take: (size) =>
      Array.from({ length: size }, () => ({
        messageId: nextId(),
        ...body(),
        anonymousId: `${name}-visitor-${random.between(1, 20)}`,
        timestamp: clientTime(),
        context: {
          locale: 'en-GB',
          userAgent: 'Mozilla/5.0 (X11; Linux x86_64) Firefox/140.0',
          page: { path: '/p' },
        },
      })),
    /** An event that the collector must refuse: it has no name. @type {() => import("./client.mjs").Event} */
    invalid: () => ({
      messageId: nextId(),
      type: 'track',
      event: '',
      anonymousId: `${name}-visitor-1`,
      timestamp: clientTime(),
    }),
  };
}
