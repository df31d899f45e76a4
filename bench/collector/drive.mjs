import { once } from 'node:events';
import { connect } from 'node:net';

const END_OF_HEAD = Buffer.from('\r\n\r\n');

/** A request as bytes, ready to be written again and again. */
export function renderRequest(body) {
  const bytes = Buffer.from(body);
  return Buffer.concat([
    Buffer.from(
      `POST /v1/batch HTTP/1.1\r\nhost: 127.0.0.1\r\ncontent-type: text/plain\r\ncontent-length: ${bytes.length}\r\n\r\n`,
    ),
    bytes,
  ]);
}

/** The status of the response that `data` holds whole, or undefined if more must come. */
function completeResponse(data) {
  const end = data.indexOf(END_OF_HEAD);
  if (end < 0) return undefined;
  const head = data.toString('latin1', 0, end);
  const length = Number(/content-length: (\d+)/i.exec(head)?.[1] ?? 0);
  return data.length >= end + 4 + length ? head.slice(9, 12) : undefined;
}

/** One connection that sends the next request as soon as the last is answered, until `until`. */
async function runConnection(port, requests, offset, until, latencies) {
  const socket = connect(port, '127.0.0.1');
  socket.setNoDelay(true);
  await once(socket, 'connect');
  let next = offset;
  let sentAt = 0;
  let received = Buffer.alloc(0);
  const send = () => {
    sentAt = performance.now();
    socket.write(requests[next++ % requests.length]);
  };
  send();
  for await (const chunk of socket) {
    received = received.length === 0 ? chunk : Buffer.concat([received, chunk]);
    const status = completeResponse(received);
    if (status === undefined) continue;
    if (status !== '200') throw new Error(`the server answered ${received.toString()}`);
    latencies.push(performance.now() - sentAt);
    received = Buffer.alloc(0);
    if (performance.now() >= until) break;
    send();
  }
  socket.destroy();
}

/**
 * Posts `requests` round and round over `connections` for `ms`, each connection waiting for its answer;
 * any answer but 200 is an error. Returns the time of every answer, in milliseconds, sorted.
 */
export async function drive(port, requests, connections, ms) {
  const latencies = [];
  const until = performance.now() + ms;
  await Promise.all(
    Array.from({ length: connections }, (_, index) =>
      runConnection(port, requests, index * 7, until, latencies),
    ),
  );
  return latencies.sort((a, b) => a - b);
}
