import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gunzipSync } from 'node:zlib';

/** A collector on loopback that takes every event. */
export interface EventsSink {
  url: string;
  /** Their names, in the order in which they came. */
  taken: string[];
  close(): void;
}

/** Starts one. It serves these definitions, and holds open the stream of their changes. */
export async function startEventsSink(definitions: { version: number }): Promise<EventsSink> {
  const taken: string[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      if (request.url?.startsWith('/v1/definitions/stream')) {
        response.writeHead(200, { 'content-type': 'text/event-stream' });
        return response.write(`event: definitions\ndata: {"version":${definitions.version}}\n\n`);
      }
      if (request.url?.startsWith('/v1/definitions')) return response.end(JSON.stringify(definitions));
      const bytes = Buffer.concat(chunks);
      const text = request.headers['content-encoding'] === 'gzip' ? gunzipSync(bytes) : bytes;
      const { batch } = JSON.parse(text.toString()) as { batch: { event: string }[] };
      taken.push(...batch.map(({ event }) => event));
      return response.writeHead(200, { 'content-type': 'application/json' }).end('{"success":true}');
    });
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    taken,
    close() {
      server.closeAllConnections();
      server.close();
    },
  };
}
