import { expect, it } from 'vitest';
import { type RunningService, type ServiceExit, supervise } from './service.ts';

/** A service whose end is decided by the test. */
function fakeService(pid: number) {
  let end: (exit: ServiceExit) => void = () => {};
  const exited = new Promise<ServiceExit>((resolve) => {
    end = resolve;
  });
  const service: RunningService = { pid, exited, stop: async () => end({ code: 0, signal: null }) };
  return { service, crash: () => end({ code: null, signal: 'SIGKILL' }) };
}

function waitFor(condition: () => boolean): Promise<void> {
  return new Promise((resolve) => {
    const look = () => (condition() ? resolve() : setTimeout(look, 1));
    look();
  });
}

it('starts a service again when it ends unasked, and says so', async () => {
  const fakes = [fakeService(1), fakeService(2)];
  const lines: string[] = [];
  let next = 0;
  const supervised = await supervise({
    name: 'loader',
    start: async () => fakes[next++]?.service ?? fakeService(99).service,
    log: (line) => lines.push(line),
    firstDelayMs: 1,
  });
  expect(supervised.pid()).toBe(1);
  fakes[0]?.crash();
  await waitFor(() => supervised.pid() === 2);
  expect(supervised.restarts()).toBe(1);
  expect(lines).toEqual(['loader ended unexpectedly (SIGKILL); starting it again']);
  await supervised.stop();
});

it('keeps trying while the restart itself fails', async () => {
  const first = fakeService(1);
  let starts = 0;
  const supervised = await supervise({
    name: 'clickhouse',
    start: async () => {
      starts++;
      if (starts === 1) return first.service;
      if (starts < 4) throw new Error('port taken');
      return fakeService(4).service;
    },
    log: () => {},
    firstDelayMs: 1,
    maxDelayMs: 2,
  });
  first.crash();
  await waitFor(() => supervised.pid() === 4);
  expect(starts).toBe(4);
  await supervised.stop();
});

it('does not start a service again that was stopped', async () => {
  let starts = 0;
  const supervised = await supervise({
    name: 'server',
    start: async () => {
      starts++;
      return fakeService(starts).service;
    },
    log: () => {},
    firstDelayMs: 1,
  });
  await supervised.stop();
  expect(starts).toBe(1);
  expect(supervised.pid()).toBeUndefined();
});

it('rejects when the first start fails', async () => {
  const start = async () => {
    throw new Error('no library for this platform');
  };
  await expect(supervise({ name: 'clickhouse', start, log: () => {} })).rejects.toThrow('no library');
});
