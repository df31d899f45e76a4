import { once } from 'node:events';
import { Agent, createServer, request } from 'node:http';

/** @typedef {import('node:http').IncomingMessage} IncomingMessage */
/** @typedef {import('node:http').ServerResponse} ServerResponse */

/**
 * One insert on its way from a loader to ClickHouse, in the hands of a fault.
 * @typedef {object} Insert
 * @property {Buffer} body its rows; what comes before them has been passed on
 * @property {(status: number, code: number | undefined, text: string) => void} refuse answers in ClickHouse's place, which hears nothing of it
 * @property {() => Upstream} open the request to ClickHouse, for its rows; who opens it writes and ends it
 * @property {(answer: IncomingMessage) => void} answer hands ClickHouse's answer on
 * @property {() => void} hangUp cuts the loader's connection
 */

/** @typedef {{ rows: import('node:http').ClientRequest, answer: Promise<IncomingMessage> }} Upstream `answer` rejects when there is none */
/** @typedef {(insert: Insert) => Promise<void>} InsertFault */

/**
 * What stands between a loader and ClickHouse.
 * @typedef {object} WarehouseProxy
 * @property {string} url
 * @property {(fault: InsertFault, patienceMs: number) => Promise<boolean>} onInsert gives the next insert to `fault`;
 *   resolves to false if none came in time
 * @property {(ms: number) => Promise<void>} vanish no connection, old or new, for a while
 * @property {() => Promise<void>} close
 */

const NEWLINE = 10;
const INSERT = /INSERT INTO (events|rejected_events) /;

/**
 * Starts a proxy on loopback that passes everything on to ClickHouse at `target`.
 * @param {string} target
 * @returns {Promise<WarehouseProxy>}
 */
export async function startWarehouseProxy(target) {
  const { hostname, port } = new URL(target);
  const agent = new Agent({ keepAlive: true });
  /** @type {((insert: Insert) => void)[]} */
  const armed = [];

  /** @type {(from: IncomingMessage, headers?: import('node:http').OutgoingHttpHeaders) => import('node:http').ClientRequest} */
  const open = (from, headers) =>
    request({ hostname, port, agent, method: from.method, path: from.url, headers: headers ?? from.headers });

  const server = createServer((from, to) => {
    const isInsert = INSERT.test(decodeURIComponent((from.url ?? '').replaceAll('+', ' ')));
    if (isInsert) void passInsert(from, to).catch(hangUpOf(to));
    else pass(from, to);
  });

  /** @type {(from: IncomingMessage, to: ServerResponse) => void} */
  function pass(from, to) {
    const upstream = open(from);
    const hangUp = hangUpOf(to);
    upstream.on('response', (answer) => handOn(answer, to));
    upstream.on('error', hangUp);
    from.on('error', () => upstream.destroy());
    to.on('close', () => to.writableFinished || upstream.destroy());
    from.pipe(upstream);
  }

  /**
   * A loader beside others sends blank lines first, and its rows once ClickHouse shows the insert: the lines go on at
   * once, and a fault is given those that really get as far as rows.
   * @type {(from: IncomingMessage, to: ServerResponse) => Promise<void>}
   */
  async function passInsert(from, to) {
    const { 'content-length': _, ...headers } = from.headers;
    const rows = open(from, { ...headers, 'transfer-encoding': 'chunked' });
    const answer = once(rows, 'response').then(([response]) => response);
    /** @type {((insert: Insert) => void) | undefined} */
    let fault;
    let isRefused = false;
    answer.then(
      (response) => fault || handOn(response, to),
      () => isRefused || hangUpOf(to)(),
    );
    rows.on('error', () => {});
    to.on('close', () => fault || to.writableFinished || rows.destroy());

    /** @type {Buffer[]} */
    const held = [];
    let hasRows = false;
    for await (const part of from) {
      const blank = hasRows ? 0 : part.findIndex((/** @type {number} */ byte) => byte !== NEWLINE);
      if (blank < 0) {
        rows.write(part);
        continue;
      }
      if (!hasRows) {
        hasRows = true;
        fault = armed.shift();
        if (blank > 0) rows.write(part.subarray(0, blank));
      }
      if (fault) held.push(part.subarray(blank));
      else rows.write(part.subarray(blank));
    }
    if (!fault) {
      rows.end();
      return;
    }
    fault({
      body: Buffer.concat(held),
      refuse(status, code, text) {
        isRefused = true;
        rows.destroy();
        to.writeHead(status, code === undefined ? {} : { 'X-ClickHouse-Exception-Code': String(code) });
        to.end(text);
      },
      open: () => ({ rows, answer }),
      answer: (response) => handOn(response, to),
      hangUp: hangUpOf(to),
    });
  }

  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = /** @type {import('node:net').AddressInfo} */ (server.address());

  async function shut() {
    server.close();
    server.closeAllConnections();
    await once(server, 'close');
  }

  return {
    url: `http://127.0.0.1:${address.port}`,
    onInsert: (fault, patienceMs) =>
      new Promise((resolve, reject) => {
        /** @type {(insert: Insert) => void} */
        const take = (insert) => {
          clearTimeout(timer);
          // What fails within a fault is what the fault is about: ClickHouse may be dead by then.
          fault(insert).then(
            () => resolve(true),
            (error) => {
              insert.hangUp();
              if (error.code === undefined && error.name !== 'AbortError') reject(error);
              else resolve(true);
            },
          );
        };
        const timer = setTimeout(() => {
          const index = armed.indexOf(take);
          if (index >= 0) armed.splice(index, 1);
          resolve(false);
        }, patienceMs);
        armed.push(take);
      }),
    async vanish(ms) {
      await shut();
      await new Promise((resolve) => setTimeout(resolve, ms));
      server.listen(address.port, '127.0.0.1');
      await once(server, 'listening');
    },
    async close() {
      agent.destroy();
      await shut();
    },
  };
}

/** @type {(to: ServerResponse) => () => void} */
const hangUpOf = (to) => () => {
  to.socket?.destroy();
};

/** @type {(answer: IncomingMessage, to: ServerResponse) => void} */
function handOn(answer, to) {
  to.writeHead(answer.statusCode ?? 502, answer.headers);
  answer.on('error', hangUpOf(to));
  answer.pipe(to);
}
