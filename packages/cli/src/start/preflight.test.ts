import { chmod, mkdtemp, stat, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { isPortFree, requireDataFolder, requireFreePort } from './preflight.ts';

async function withListener<T>(body: (port: number) => Promise<T>): Promise<T> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  try {
    return await body(address.port);
  } finally {
    server.close();
  }
}

it('names the port that is taken, and a way out', async () => {
  await withListener(async (port) => {
    await expect(requireFreePort('127.0.0.1', port)).rejects.toMatchObject({
      message: `Port ${port} is taken by another program.`,
      remedy: expect.stringContaining(`PORT=${port + 100} npm start`),
    });
    expect(await isPortFree('127.0.0.1', port)).toBe(false);
  });
});

it('passes a port that is free', async () => {
  const port = await withListener(async (taken) => taken);
  await requireFreePort('127.0.0.1', port);
});

it('says what HOST must be when it is no address of this machine', async () => {
  await expect(requireFreePort('192.0.2.1', 3500)).rejects.toMatchObject({
    remedy: expect.stringContaining('HOST must be an address of this machine'),
  });
});

it('refuses a data folder that cannot be made', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'millrace-'));
  await writeFile(join(folder, 'file'), '');
  await expect(requireDataFolder(join(folder, 'file', 'data'))).rejects.toMatchObject({
    remedy: 'Name another in MILLRACE_DATA.',
  });
});

it.runIf(process.platform === 'linux')('refuses a data folder in a file system that holds none', async () => {
  await expect(requireDataFolder('/proc/millrace/data')).rejects.toMatchObject({
    message: expect.stringMatching(/^The data folder \/proc\/millrace\/data cannot be made \(E[A-Z]+\)\.$/),
  });
});

// Root may write anywhere.
it.skipIf(process.getuid?.() === 0)('says which data folder may not be written', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'millrace-'));
  await chmod(folder, 0o500);
  await expect(requireDataFolder(folder)).rejects.toMatchObject({
    message: `The data folder ${folder} cannot be written by this user (EACCES).`,
    remedy: expect.stringContaining('MILLRACE_DATA'),
  });
});

it('makes a data folder with all that is above it, for its owner alone', async () => {
  const folder = join(await mkdtemp(join(tmpdir(), 'millrace-')), 'a', 'b');
  await requireDataFolder(folder);
  await requireDataFolder(folder);
  expect((await stat(folder)).mode & 0o777).toBe(0o700);
});
