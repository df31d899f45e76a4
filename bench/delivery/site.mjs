import { once } from 'node:events';
import { createServer } from 'node:http';

/** Lets a scenario turn the page's clock: `benchClock.shift(milliseconds)` moves every later reading. */
const CLOCK = `(() => {
  const RealDate = Date;
  let shift = 0;
  const now = () => RealDate.now() + shift;
  window.Date = class extends RealDate {
    constructor(...given) { given.length ? super(...given) : super(now()); }
    static now() { return now(); }
  };
  window.benchClock = { shift(by) { shift += by; } };
})();`;

/**
 * A site whose pages hold one SDK that sends to `host`. Another site, `elsewhere`, is where its visitors leave to;
 * `headers` go with every page. `{ url, elsewhere, close }`
 */
export async function startSite(code, host, writeKey, headers = {}) {
  const options = JSON.stringify({ host, writeKey });
  const page = `<!doctype html><title>A shop</title><script>${CLOCK}
    window.bench = ${options};
    window.complaints = [];
    addEventListener('error', (event) => complaints.push(String(event.message)));
    addEventListener('unhandledrejection', (event) => complaints.push(String(event.reason)));
    addEventListener('pageshow', (event) => { window.wasRestored = event.persisted; });
    </script><script type="module" src="/sdk.js"></script>`;
  const server = createServer((request, response) => {
    const [type, body] =
      request.url === '/sdk.js'
        ? ['text/javascript', code]
        : ['text/html', request.url === '/elsewhere' ? '<!doctype html><title>Elsewhere</title>' : page];
    response.writeHead(200, { 'content-type': `${type}; charset=utf-8`, ...headers }).end(body);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address();
  return {
    url: `http://127.0.0.1:${port}/`,
    elsewhere: `http://localhost:${port}/elsewhere`,
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}
