import { once } from 'node:events';
import { createServer } from 'node:http';
import { buffer } from 'node:stream/consumers';
import { gunzipSync } from 'node:zlib';
import { markersIn } from './decode.mjs';

/**
 * A collector of another origin for every SDK: it notes which markers came how often and answers what each SDK takes
 * as success. With `forwardTo`, requests go on to that Millrace, whose answer is the answer. A scenario sets
 * `fault(request)` for `{ bytes, number, at }` of a request with events, which may return
 * `{ status, retryAfter }`, or `{ unheard: true }`: taken, but the connection ends without an answer.
 */
export async function startCollector(forwardTo) {
  const collector = {
    port: 0,
    fault: () => undefined,
    /** How often each marker was taken. */
    taken: new Map(),
    /** Times of requests with events, in milliseconds of this process. */
    requests: [],
    preflights: 0,
    count: (kind) => [...collector.taken.keys()].filter((name) => name[2] === kind).length,
    duplicates: () => [...collector.taken.values()].reduce((sum, times) => sum + times - 1, 0),
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };

  const serve = async (request, response) => {
    for (const [name, value] of Object.entries(corsHeaders(request))) response.setHeader(name, value);
    if (request.method === 'OPTIONS') {
      collector.preflights++;
      return response.writeHead(204).end();
    }
    const body = await buffer(request);
    const markers = markersIn(request.url, body);
    if (markers.length === 0) return respond(response, body, request, forwardTo);
    const number = collector.requests.push(performance.now());
    const { status = 200, retryAfter, unheard } = collector.fault({ bytes: body.length, number }) ?? {};
    if (status >= 300) {
      if (retryAfter !== undefined) response.setHeader('retry-after', retryAfter);
      response.writeHead(status, { 'content-type': 'application/json' });
      // Amplitude reads the code, and Millrace's clients read nothing.
      return response.end(JSON.stringify({ success: false, code: status, error: 'refused by the scenario' }));
    }
    for (const name of markers) collector.taken.set(name, (collector.taken.get(name) ?? 0) + 1);
    if (!unheard) return respond(response, body, request, forwardTo);
    if (forwardTo) await forward(forwardTo, request, body);
    request.socket.resetAndDestroy();
  };

  const server = createServer((request, response) => {
    serve(request, response).catch((error) => {
      if (!response.headersSent) response.writeHead(500);
      response.end(String(error));
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  collector.port = server.address().port;
  return collector;
}

function corsHeaders({ headers }) {
  return {
    'access-control-allow-origin': headers.origin ?? '*',
    'access-control-allow-credentials': 'true',
    'access-control-allow-headers': headers['access-control-request-headers'] ?? '*',
    'access-control-allow-methods': 'GET, POST',
    'access-control-expose-headers': 'retry-after',
  };
}

const forward = (to, { url, method, headers }, body) =>
  fetch(`${to}${url}`, {
    method,
    headers: { 'content-type': headers['content-type'] ?? 'text/plain', origin: headers.origin ?? '' },
    ...(method === 'POST' && { body }),
  });

async function respond(response, body, request, forwardTo) {
  if (forwardTo) {
    const answer = await forward(forwardTo, request, body);
    const retryAfter = answer.headers.get('retry-after');
    if (retryAfter) response.setHeader('retry-after', retryAfter);
    response.writeHead(answer.status, { 'content-type': 'application/json' });
    return response.end(await answer.text());
  }
  response.writeHead(200, { 'content-type': 'application/json' });
  response.end(
    JSON.stringify({ success: true, status: 1, code: 200, verdicts: verdictsFor(request.url, body) }),
  );
}

/** Millrace's clients ask for one verdict an event. */
function verdictsFor(url, body) {
  if (!url.startsWith('/v1/batch')) return undefined;
  const text = url.includes('encoding=gzip') ? gunzipSync(body) : body;
  const { verdicts, batch } = JSON.parse(text);
  return verdicts && batch.map(({ messageId }) => ({ messageId, status: 'ok' }));
}
