import { createServer } from 'node:net';

const TRIES = 50;

/**
 * A port on `host` that is free now: `wanted`, or the next one that is; 0 takes any. `taken` are left out.
 * Another process may still take it first.
 */
export async function findFreePort(wanted: number, host: string, taken: number[] = []): Promise<number> {
  if (wanted === 0) {
    const port = await tryListen(0, host);
    if (port !== undefined && !taken.includes(port)) return port;
    return findFreePort(0, host, taken);
  }
  for (let port = wanted; port < wanted + TRIES && port < 65_536; port += 1) {
    if (!taken.includes(port) && (await tryListen(port, host)) !== undefined) return port;
  }
  throw new Error(`no free port from ${wanted} to ${wanted + TRIES - 1} on ${host}`);
}

function tryListen(port: number, host: string): Promise<number | undefined> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(undefined));
    server.listen({ port, host, exclusive: true }, () => {
      const address = server.address();
      const got = address !== null && typeof address === 'object' ? address.port : undefined;
      server.close(() => resolve(got));
    });
  });
}
