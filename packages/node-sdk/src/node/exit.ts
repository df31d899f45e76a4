import type { Analytics } from '../analytics.ts';

type Client = Pick<Analytics, 'flush' | 'pending'>;

const SIGNALS = ['SIGTERM', 'SIGINT'] as const;
const clients = new Map<Client, number>();
let isEnding = false;

/**
 * Sends what a client has waiting when the process ends by itself or is told to. A listener for a signal switches off
 * that Node ends by it, so the signal is raised again after the deadline if nobody else listens; who does decides.
 * The answer ends it.
 */
export function flushAtExit(client: Client, timeoutMs: number): () => void {
  if (clients.size === 0) {
    process.on('beforeExit', onBeforeExit);
    for (const signal of SIGNALS) process.on(signal, onSignal);
  }
  clients.set(client, timeoutMs);
  return () => {
    clients.delete(client);
    if (clients.size === 0) unlisten();
  };
}

function unlisten(): void {
  process.off('beforeExit', onBeforeExit);
  for (const signal of SIGNALS) process.off(signal, onSignal);
}

async function flushAll(): Promise<void> {
  await Promise.all([...clients].map(([client, timeoutMs]) => client.flush({ timeoutMs })));
}

/** Node emits beforeExit again when the work that this makes is done; once is enough. */
function onBeforeExit(): void {
  if (isEnding || ![...clients.keys()].some((client) => client.pending > 0)) return;
  isEnding = true;
  void flushAll();
}

function onSignal(signal: NodeJS.Signals): void {
  const isAlone = process.listenerCount(signal) === 1;
  void flushAll().then(() => {
    if (!isAlone) return;
    unlisten();
    process.kill(process.pid, signal);
  });
}
