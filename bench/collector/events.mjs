const AGENTS = [
  'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36',
  'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/19.1 Safari/605.1.15',
  'Mozilla/5.0 (iPhone; CPU iPhone OS 19_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/19.1 Mobile/15E148 Safari/604.1',
  'Mozilla/5.0 (Linux; Android 15; Pixel 9) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Mobile Safari/537.36',
  'Mozilla/5.0 (X11; Linux x86_64; rv:144.0) Gecko/20100101 Firefox/144.0',
];
const PRODUCTS = ['Kettle, 1.7 l', 'Grinder', 'Café filter No. 4', 'Scale', 'Mug "Mill"', 'Dripper'];

/** A small generator of repeatable numbers in [0, 1). */
function createRandom(seed) {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

/** One event of a web shop as a browser sends it, about 700 bytes of JSON. */
function makeEvent(random, number) {
  const product = Math.floor(random() * 500);
  const id = (digits) =>
    Math.floor(random() * 16 ** digits)
      .toString(16)
      .padStart(digits, '0');
  return {
    messageId: `0193${id(4)}-${id(4)}-7${id(3)}-8${id(3)}-${id(12)}`,
    type: 'track',
    event: random() < 0.7 ? 'product_viewed' : 'add_to_cart',
    anonymousId: `0192${id(4)}-${id(4)}-7${id(3)}-9${id(3)}-${id(12)}`,
    sessionId: id(12),
    timestamp: new Date(Date.now() - Math.floor(random() * 60_000)).toISOString(),
    properties: {
      product_id: `p-${product}`,
      name: PRODUCTS[product % PRODUCTS.length],
      price: Math.round(random() * 10_000) / 100,
      currency: 'EUR',
      position: number % 20,
      in_stock: product % 3 > 0,
      list: 'search results',
    },
    context: {
      page: {
        url: `https://shop.example.com/products/${product}?q=coffee`,
        path: `/products/${product}`,
        search: '?q=coffee',
        title: `Product ${product}`,
        referrer: product % 4 > 0 ? '' : 'https://www.google.com/',
      },
      userAgent: AGENTS[product % AGENTS.length],
      library: { name: 'millrace', version: '0.1.0' },
      locale: 'en-GB',
      screen: { width: 1440, height: 900 },
      timezone: 'Europe/Berlin',
    },
  };
}

/** `count` bodies of batches of `size` events. */
export function makeBodies(count, size, seed, writeKey = 'wk_bench') {
  const random = createRandom(seed);
  return Array.from({ length: count }, () =>
    JSON.stringify({
      writeKey,
      sentAt: new Date().toISOString(),
      batch: Array.from({ length: size }, (_, number) => makeEvent(random, number)),
    }),
  );
}
