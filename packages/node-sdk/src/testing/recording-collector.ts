import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gunzipSync } from 'node:zlib';
import type { WireBatch, WireEvent } from '@millrace/core';

/** What the collector answers: a status and headers; 200 takes everything. */
interface Answer {
  status: number;
  headers?: Record<string, string>;
  body?: object;
}

/** A collector on loopback that keeps what it is sent. */
export interface RecordingCollector {
  url: string;
  batches: WireBatch[];
  headers: IncomingHttpHeaders[];
  /** The events that were answered 200. */
  taken: WireEvent[];
  /** Decides on each batch; without one everything is taken. */
  answer: ((batch: WireBatch) => Answer) | undefined;
  close(): Promise<void>;
}

/** Starts a collector that answers as the real one does. */
export async function startRecordingCollector(): Promise<RecordingCollector> {
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const bytes = Buffer.concat(chunks);
      const isGzip = request.headers['content-encoding'] === 'gzip';
      const batch: WireBatch = JSON.parse((isGzip ? gunzipSync(bytes) : bytes).toString());
      collector.batches.push(batch);
      collector.headers.push(request.headers);
      const { status, headers, body } = collector.answer?.(batch) ?? { status: 200 };
      if (status === 200 && !body) collector.taken.push(...batch.batch);
      const verdicts = batch.batch.map(({ messageId }) => ({ messageId, status: 'ok' }));
      response.writeHead(status, { 'content-type': 'application/json', ...headers });
      response.end(JSON.stringify(body ?? { success: status === 200, verdicts }));
    });
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const collector: RecordingCollector = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    batches: [],
    headers: [],
    taken: [],
    answer: undefined,
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
  return collector;
}
