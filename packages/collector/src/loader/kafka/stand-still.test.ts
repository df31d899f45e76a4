import type { WarehouseClient } from '@millrace/warehouse-schema';
import { afterEach, expect, it, vi } from 'vitest';
import { createStandStill, type StandStill } from './stand-still.ts';

afterEach(() => vi.useRealTimers());

/** A ClickHouse that knows which queries run: those that sleep do until they are killed, or ten seconds are over. */
function createProcesses() {
  const running = new Map<string, () => void>();
  const query = async (sql: string, options: { params?: { own?: string }; queryId?: string } = {}) => {
    const { queryId, params: { own = '' } = {} } = options;
    if (queryId !== undefined) {
      return new Promise<never>((_, reject) => {
        const end = () => {
          clearTimeout(timer);
          running.delete(queryId);
          reject(new Error('killed'));
        };
        const timer = setTimeout(end, 10_000);
        running.set(queryId, end);
      });
    }
    const ids = [...running.keys()];
    const found = ids.filter((id) => (sql.includes('AS others') ? !id.startsWith(own) : id.startsWith(own)));
    return [{ count: found.length }];
  };
  const command = async (_: string, { params }: { params: { own: string } }) => {
    for (const [id, end] of running) if (id.startsWith(params.own)) end();
  };
  return { running, client: { query, command } as unknown as WarehouseClient };
}

type Processes = ReturnType<typeof createProcesses>;

function open(
  { client }: Processes,
  owner: string,
  isQuiet = async () => true,
): StandStill & { stop(): void } {
  const ending = new AbortController();
  const standStill = createStandStill({ client, owner, signal: ending.signal, isQuiet });
  return { ...standStill, stop: () => ending.abort() };
}

/** Whether a promise is settled by now. */
async function isSettled(promise: Promise<unknown>): Promise<boolean> {
  const late = Symbol('late');
  return (await Promise.race([promise, Promise.resolve().then(() => late)])) !== late;
}

it('holds the others off from before the operation until after it, also its own inserts', async () => {
  vi.useFakeTimers();
  const processes = createProcesses();
  const [one, other] = [open(processes, 'one'), open(processes, 'other')];
  let [isRunning, finish] = [false, () => {}];
  const during = one.during(async () => {
    isRunning = true;
    await new Promise<void>((resolve) => {
      finish = resolve;
    });
    return 'done';
  });
  await vi.advanceTimersByTimeAsync(1000);
  expect(isRunning).toBe(true);
  const waiting = [one.ended(), other.ended()];
  // Longer than one query sleeps: it is renewed.
  await vi.advanceTimersByTimeAsync(30_000);
  for (const each of waiting) expect(await isSettled(each)).toBe(false);
  finish();
  await vi.advanceTimersByTimeAsync(1000);
  expect(await during).toBe('done');
  await Promise.all(waiting);
  expect(processes.running.size).toBe(0);
});

it('begins only once no insert runs, and ends also when the operation fails', async () => {
  vi.useFakeTimers();
  const processes = createProcesses();
  let isQuiet = false;
  const one = open(processes, 'one', async () => isQuiet);
  let isRunning = false;
  const during = one.during(async () => {
    isRunning = true;
    throw new Error('failed');
  });
  const outcome = expect(during).rejects.toThrow('failed');
  await vi.advanceTimersByTimeAsync(5000);
  expect(isRunning).toBe(false);
  isQuiet = true;
  await vi.advanceTimersByTimeAsync(1000);
  await outcome;
  expect(processes.running.size).toBe(0);
});

it('lets one of several at a time, of one process and of others', async () => {
  vi.useFakeTimers();
  const processes = createProcesses();
  const owners = ['one', 'other', 'third'].map((owner) => open(processes, owner));
  let [running, most, done] = [0, 0, 0];
  const all = Promise.all(
    [...owners, ...owners].map((each) =>
      each.during(async () => {
        running += 1;
        most = Math.max(most, running);
        await new Promise((resolve) => setTimeout(resolve, 700));
        running -= 1;
        done += 1;
      }),
    ),
  );
  await vi.advanceTimersByTimeAsync(120_000);
  await all;
  expect({ most, done }).toEqual({ most: 1, done: 6 });
});

it('does not outlive by long whoever asked for it and is gone', async () => {
  vi.useFakeTimers();
  const processes = createProcesses();
  processes.client.query('SELECT', { queryId: 'millrace-stand-still:gone:0' } as never).catch(() => {});
  const waiting = open(processes, 'one').ended();
  await vi.advanceTimersByTimeAsync(9000);
  expect(await isSettled(waiting)).toBe(false);
  await vi.advanceTimersByTimeAsync(1500);
  await waiting;
});

it('gives up when it is stopped', async () => {
  vi.useFakeTimers();
  const processes = createProcesses();
  processes.client.query('SELECT', { queryId: 'millrace-stand-still:other:0' } as never).catch(() => {});
  const one = open(processes, 'one');
  const outcome = expect(one.during(async () => 'never')).rejects.toMatchObject({ code: 'stopped' });
  await vi.advanceTimersByTimeAsync(200);
  one.stop();
  await vi.advanceTimersByTimeAsync(200);
  await outcome;
});
