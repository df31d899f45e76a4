import { fork } from 'node:child_process';
import { once } from 'node:events';
import { quantile } from '../support/figures.mjs';
import { drive } from './drive.mjs';

const SERVER = new URL('./server.mjs', import.meta.url);

/** Starts a process of server.mjs; resolves when it serves. `node` is another Node than this one. */
export async function startProcess(
  kind,
  args = [],
  { node = process.execPath, env = {}, execArgv = [] } = {},
) {
  const child = fork(SERVER, [kind, ...args], {
    execPath: node,
    execArgv,
    env: { ...process.env, UV_THREADPOOL_SIZE: '8', ...env },
  });
  // Whatever ends it ends the benchmark, which would wait for its answer for ever.
  child.once('exit', (code) => {
    if (code) throw new Error(`the process ${[kind, ...args].join(' ')} ended with code ${code}`);
  });
  const [{ port }] = await once(child, 'message');
  return {
    port,
    start: () => child.send({ command: 'start' }),
    async ask(command, options = {}) {
      const answer = once(child, 'message');
      child.send({ command, ...options });
      return (await answer)[0];
    },
    end: () => child.disconnect(),
  };
}

/** Drives a server for `ms` with batches of `batch` events: CPU of the whole process per event, and the acks. */
export async function measureServer(server, requests, { batch, connections, ms }) {
  server.start();
  const begun = performance.now();
  const latencies = await drive(server.port, requests, connections, ms);
  const seconds = (performance.now() - begun) / 1000;
  const { cpuUs, rssMb, sends } = await server.ask('stop');
  const events = latencies.length * batch;
  return {
    usPerEvent: cpuUs / events,
    perSecond: events / seconds,
    p50: quantile(latencies, 0.5),
    p99: quantile(latencies, 0.99),
    rssMb,
    eventsPerSend: sends === undefined ? undefined : events / sends,
  };
}
