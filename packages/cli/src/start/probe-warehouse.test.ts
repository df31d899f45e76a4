import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';
import { expect, it } from 'vitest';
import { probeWarehouse } from './probe-warehouse.ts';

const login = { username: 'admin', password: 'secret' };

async function withServer(listener: RequestListener, use: (url: string) => Promise<void>): Promise<void> {
  const server = createServer(listener).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  try {
    await use(`http://127.0.0.1:${address.port}`);
  } finally {
    server.closeAllConnections();
    server.close();
  }
}

it('asks as the user, on a connection of its own', async () => {
  const seen: unknown[] = [];
  const sockets = new Set<unknown>();
  await withServer(
    (request, response) => {
      sockets.add(request.socket);
      seen.push(request.headers['x-clickhouse-user'], request.headers['x-clickhouse-key']);
      response.end('1\n');
    },
    async (url) => {
      await probeWarehouse({ url, ...login }, new AbortController().signal);
      await probeWarehouse({ url, ...login }, new AbortController().signal);
    },
  );
  expect(seen).toEqual(['admin', 'secret', 'admin', 'secret']);
  expect(sockets.size).toBe(2);
});

it('an error is an answer: a server short of memory does not hang', async () => {
  await withServer(
    (_request, response) => {
      response.statusCode = 500;
      response.end('Code: 241. Memory limit exceeded');
    },
    (url) => probeWarehouse({ url, ...login }, new AbortController().signal),
  );
});

it('rejects at its deadline where a listener says nothing', async () => {
  await withServer(
    () => {},
    async (url) => {
      await expect(probeWarehouse({ url, ...login }, AbortSignal.timeout(50))).rejects.toThrow();
    },
  );
});

it('rejects where nothing listens', async () => {
  let gone = '';
  await withServer(
    () => {},
    async (url) => {
      gone = url;
    },
  );
  await expect(probeWarehouse({ url: gone, ...login }, new AbortController().signal)).rejects.toMatchObject({
    code: 'ECONNREFUSED',
  });
});
