// A collector that takes everything, in a process of its own: it answers at once and counts later, so that it costs
// the clients beside it little.
import { createServer } from 'node:http';
import { gunzipSync } from 'node:zlib';

const ANSWER = JSON.stringify({ success: true, status: 1 });
let bodies = [];

const server = createServer((request, response) => {
  const chunks = [];
  request.on('data', (chunk) => chunks.push(chunk));
  request.on('end', () => {
    bodies.push({ bytes: Buffer.concat(chunks), encoding: request.headers['content-encoding'] });
    response.writeHead(200, { 'content-type': 'application/json' }).end(ANSWER);
  });
});

/** How many events of the name came, and in how many requests. */
function count() {
  let events = 0;
  for (const { bytes, encoding } of bodies) {
    const text = (encoding === 'gzip' || bytes[0] === 0x1f ? gunzipSync(bytes) : bytes).toString('latin1');
    events += text.split('"Order Completed"').length - 1;
  }
  const requests = bodies.length;
  bodies = [];
  return { events, requests };
}

server.listen(0, '127.0.0.1', () => process.send({ port: server.address().port }));
process.on('message', () => process.send(count()));
process.on('disconnect', () => process.exit());
