import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { mountSmallDisk, type SmallDisk } from './chaos/services/small-disk.mjs';
import { type Millrace, startMillrace } from './support/millrace.mjs';

/** The spool keeps 512 MB of a disk in reserve. */
const DISK_MB = 640;

const dataDir = await mkdtemp(join(tmpdir(), 'millrace-full-disk-'));
const disk = mountSmallDisk(join(dataDir, 'spool'), DISK_MB);
// Only who may mount has a disk to fill. In CI that must be so.
const isFor = it.skipIf(disk === undefined && !process.env.CI);

let server: Millrace;

beforeAll(async () => {
  server = await startMillrace({ dataDir });
});
afterAll(async () => {
  await server?.stop();
  disk?.unmount();
  await rm(dataDir, { recursive: true, force: true });
});

async function post(messageId: string): Promise<Response> {
  const batch = [{ messageId, type: 'track', event: 'Sent', anonymousId: 'a' }];
  return fetch(`${server.url}/v1/batch`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ writeKey: server.writeKey, batch }),
  });
}

isFor('a full disk is a 503 with Retry-After, loses nothing, and is over once there is room', async () => {
  const { fill, free } = disk as SmallDisk;
  expect((await post('before')).status).toBe(200);
  fill();
  const acked = ['before'];
  let refused: Response | undefined;
  for (let n = 0; refused === undefined && n < 2000; n++) {
    const response = await post(`filling-${n}`);
    if (response.ok) acked.push(`filling-${n}`);
    else refused = response;
  }
  expect(refused?.status).toBe(503);
  expect(Number(refused?.headers.get('retry-after'))).toBeGreaterThan(0);
  expect(await refused?.json()).toMatchObject({ success: false });
  await expect.poll(async () => (await fetch(`${server.url}/readyz`)).status).toBe(503);

  free();
  await expect.poll(async () => (await post('after')).status, { timeout: 20_000 }).toBe(200);
  acked.push('after');
  const warehouse = await server.warehouse();
  const stored = async () => {
    const rows = await warehouse.query<{ message_id: string }>('SELECT message_id FROM events');
    return rows.map((row) => row.message_id).sort();
  };
  // What was refused in the moment of the failure may be there all the same, once.
  await expect
    .poll(stored, { timeout: 30_000 })
    .toSatisfy((ids: string[]) => acked.every((id) => ids.includes(id)) && new Set(ids).size === ids.length);
});
