import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

const SDK = join(import.meta.dirname, '../packages/node-sdk/dist');

let server: Server;
let host: string;
let status: number;
let taken: string[];
let folder: string;

beforeEach(async () => {
  status = 200;
  taken = [];
  folder = mkdtempSync(join(tmpdir(), 'millrace-node-sdk-'));
  server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const bytes = Buffer.concat(chunks);
      const text = request.headers['content-encoding'] === 'gzip' ? gunzipSync(bytes) : bytes;
      const { batch } = JSON.parse(text.toString()) as { batch: { event: string }[] };
      if (status === 200) taken.push(...batch.map(({ event }) => event));
      response.writeHead(status, { 'content-type': 'application/json' });
      response.end(JSON.stringify({ success: status === 200 }));
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  host = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});

afterEach(() => {
  server.closeAllConnections();
  server.close();
  rmSync(folder, { recursive: true });
});

/** Runs a program that has `analytics`. */
function run(program: string, options: object = {}): ChildProcess {
  const source = `
    import { createAnalytics } from ${JSON.stringify(join(SDK, 'index.js'))};
    const analytics = createAnalytics(${JSON.stringify({ writeKey: 'wk', host, flushIntervalMs: 60_000, ...options })});
    const track = (name) => analytics.track(name, {}, { userId: 'ada' });
    ${program}`;
  return spawn(process.execPath, ['--input-type=module', '-e', source], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
}

const ended = async (child: ChildProcess): Promise<[number | null, string | null]> => {
  const [code, signal] = await once(child, 'exit');
  return [code, signal];
};
const printed = (child: ChildProcess): Promise<unknown> =>
  once(child.stdout as NodeJS.ReadableStream, 'data');

describe('the end of a process', () => {
  it('by itself: what waits is sent first', async () => {
    expect(await ended(run("track('last');"))).toEqual([0, null]);
    expect(taken).toEqual(['last']);
  });

  it('by SIGTERM, which nobody else listens to: sent, and then it ends by the signal', async () => {
    const child = run("track('last'); setInterval(() => {}, 1000); console.log('ready');");
    await printed(child);
    child.kill('SIGTERM');
    expect(await ended(child)).toEqual([null, 'SIGTERM']);
    expect(taken).toEqual(['last']);
  });

  it('by SIGTERM, which the server listens to: sent, and the server decides', async () => {
    const child = run(`
      track('first');
      process.on('SIGTERM', async () => {
        track('farewell');
        await analytics.close();
        process.exit(7);
      });
      setInterval(() => {}, 1000);
      console.log('ready');`);
    await printed(child);
    child.kill('SIGTERM');
    expect(await ended(child)).toEqual([7, null]);
    expect(taken.sort()).toEqual(['farewell', 'first']);
  });

  it('is held up for no longer than was allowed', async () => {
    status = 503;
    const start = performance.now();
    const child = run("track('lost'); setInterval(() => {}, 1000); console.log('ready');", {
      flushAtExit: 500,
    });
    await printed(child);
    child.kill('SIGTERM');
    expect(await ended(child)).toEqual([null, 'SIGTERM']);
    expect(performance.now() - start).toBeLessThan(20_000);
  });

  it('at once: the next process sends what this one left in the spool, and leaves no file', async () => {
    const spool = join(folder, 'spool');
    await ended(run("track('one'); track('two'); process.kill(process.pid, 'SIGKILL');", { spool }));
    expect(taken).toEqual([]);
    expect(readdirSync(spool)).toHaveLength(1);
    expect(await ended(run("track('three');", { spool }))).toEqual([0, null]);
    expect(taken.sort()).toEqual(['one', 'three', 'two']);
    expect(readdirSync(spool)).toEqual([]);
  });
});

it('the build for the edge names nothing of Node', () => {
  const source = readFileSync(join(SDK, 'edge.js'), 'utf8');
  expect(source).not.toMatch(/\bfrom\s*["'][^."']|\bimport\s*\(|\brequire\(|\bprocess\b|\bBuffer\b/);
});
