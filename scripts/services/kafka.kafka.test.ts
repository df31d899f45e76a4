import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createConnection } from 'node:net';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { startKafka } from './kafka.mjs';

const script = fileURLToPath(new URL('kafka.mjs', import.meta.url));

function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = createConnection(port, '127.0.0.1');
    socket.once('error', () => resolve(false));
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
  });
}

const isAlive = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
};

test('three brokers form one cluster, each can be killed and started again, and stop leaves none', async () => {
  const kafka = await startKafka({ brokers: 3 });
  const [first] = kafka.nodes;
  const before = first?.pid();
  await first?.kill();
  expect(first?.pid()).toBeUndefined();
  expect(await answers(first?.port ?? 0)).toBe(false);
  first?.start();
  expect(first?.pid()).not.toBe(before);
  const pids = kafka.nodes.map((node) => node.pid() ?? 0);
  await kafka.stop();
  expect(pids.filter(isAlive)).toEqual([]);
});

test('brokers end with the process that started them, also when that is killed', async () => {
  const owner = spawn(process.execPath, [script], { stdio: ['ignore', 'pipe', 'inherit'] });
  let printed = '';
  for await (const data of owner.stdout) {
    printed += String(data);
    if (printed.includes('logs in ')) break;
  }
  const folder = /logs in (\S+);/.exec(printed)?.[1] ?? '';
  const [pid = 0] = readFileSync(join(folder, 'pids'), 'utf8').split(' ').map(Number);
  expect(isAlive(pid)).toBe(true);
  owner.kill('SIGKILL');
  await expect.poll(() => isAlive(pid), { timeout: 10_000 }).toBe(false);
});
