import { expect, it } from 'vitest';
import { type RunningService, type ServiceExit, supervise } from './service.ts';
import { untilSilent } from './watch-health.ts';

const quick = { intervalMs: 1, deadlineMs: 5, limitMs: 20 };

/** A probe that only its deadline ends. */
function noAnswer(_service: unknown, signal: AbortSignal): Promise<never> {
  return new Promise((_resolve, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason), { once: true });
  });
}

it('a service that gives no answer for the limit is silent', async () => {
  const health = { ...quick, kill: () => {}, probe: noAnswer };
  expect(await untilSilent({}, health, new AbortController().signal)).toBe(true);
});

it('an answer in between starts the count afresh', async () => {
  const end = new AbortController();
  let probes = 0;
  const probe = async () => {
    probes += 1;
    if (probes === 12) end.abort();
    if (probes % 3 !== 0) throw new Error('refused');
  };
  const health = { ...quick, limitMs: 0, kill: () => {}, probe };
  expect(await untilSilent({}, health, end.signal)).toBe(false);
  expect(probes).toBe(12);
});

it('one failed probe ends nothing, however long the machine slept meanwhile', async () => {
  const end = new AbortController();
  let probes = 0;
  const probe = async () => {
    probes += 1;
    if (probes > 2) end.abort();
    else throw new Error('refused');
  };
  expect(await untilSilent({}, { ...quick, limitMs: 0, kill: () => {}, probe }, end.signal)).toBe(false);
});

it('a service that hangs is killed and started again, said in one line', async () => {
  const lines: string[] = [];
  const killed: number[] = [];
  const ends = new Map<number, (exit: ServiceExit) => void>();
  let starts = 0;
  let secondUp = () => {};
  const second = new Promise<void>((resolve) => {
    secondUp = resolve;
  });
  const start = async (): Promise<RunningService> => {
    const pid = ++starts;
    const exited = new Promise<ServiceExit>((resolve) => ends.set(pid, resolve));
    if (pid === 2) secondUp();
    return { pid, exited, stop: async () => ends.get(pid)?.({ code: 0, signal: null }) };
  };
  const supervised = await supervise({
    name: 'clickhouse',
    start,
    log: (line) => lines.push(line),
    firstDelayMs: 1,
    health: {
      ...quick,
      probe: async ({ pid }, signal) => (pid === 1 ? noAnswer(undefined, signal) : undefined),
      kill: ({ pid }) => {
        killed.push(pid);
        ends.get(pid)?.({ code: null, signal: 'SIGKILL' });
      },
    },
  });
  await second;
  await supervised.stop();
  expect(killed).toEqual([1]);
  expect(lines).toEqual(['clickhouse no longer answered and was ended; starting it again']);
});
