import { HttpError } from '../http/http-error.ts';
import type { DefinitionsSource } from './definitions-source.ts';

/** Clients that are told of changes as they happen. */
export interface DefinitionsStreams {
  /** A stream of server-sent events: the version now, and at each change. Throws 503 when there is no room. */
  open(projectId: number, environment: string): ReadableStream<Uint8Array>;
  /** How many are open. */
  count(): number;
}

/** What the streams are made from. */
export interface DefinitionsStreamsOptions {
  source: Pick<DefinitionsSource, 'current' | 'subscribe'>;
  /** The most that are open at once. */
  maxStreams: number;
  /** How often each is sent a comment, so that nothing on the way takes it for dead. @default 25_000 */
  heartbeatMs?: number;
  /** All end when it is aborted, and none is opened any more. */
  signal?: AbortSignal | undefined;
  random?: () => number;
}

interface Client {
  topic: string;
  controller: ReadableStreamDefaultController<Uint8Array>;
}

/** What a client may leave unread; beyond it, it is let go, and comes back by itself. */
const MAX_UNREAD = 16;
const RETRY_MS = 2_000;
const encoder = new TextEncoder();
const HEARTBEAT = encoder.encode(':\n\n');

/** Keeps one subscription and one timer for all clients, and neither while there are none. */
export function createDefinitionsStreams(options: DefinitionsStreamsOptions): DefinitionsStreams {
  const { source, maxStreams, heartbeatMs = 25_000, signal, random = Math.random } = options;
  const topics = new Map<string, Set<Client>>();
  let open = 0;
  let stopFollowing: (() => void) | undefined;

  function follow(): void {
    const unsubscribe = source.subscribe(({ projectId, environment, version }) => {
      const message = encoder.encode(versionEvent(version));
      for (const client of topics.get(topicOf(projectId, environment)) ?? []) send(client, message);
    });
    const timer = setInterval(() => {
      for (const clients of topics.values()) for (const client of clients) send(client, HEARTBEAT);
    }, heartbeatMs);
    timer.unref();
    stopFollowing = () => {
      unsubscribe();
      clearInterval(timer);
      stopFollowing = undefined;
    };
  }

  function send(client: Client, message: Uint8Array): void {
    if ((client.controller.desiredSize ?? 0) > -MAX_UNREAD) client.controller.enqueue(message);
    else end(client);
  }

  function end(client: Client): void {
    forget(client);
    client.controller.close();
  }

  function remember(client: Client): void {
    const clients = topics.get(client.topic) ?? new Set();
    topics.set(client.topic, clients.add(client));
    open += 1;
    if (!stopFollowing) follow();
  }

  function forget(client: Client): void {
    const clients = topics.get(client.topic);
    if (!clients?.delete(client)) return;
    if (clients.size === 0) topics.delete(client.topic);
    open -= 1;
    if (open === 0) stopFollowing?.();
  }

  signal?.addEventListener('abort', () => {
    for (const clients of topics.values()) for (const client of clients) end(client);
  });

  return {
    open(projectId, environment) {
      if (signal?.aborted || open >= maxStreams) {
        throw new HttpError(
          503,
          'too_many_streams',
          'no further stream can be opened now; ask again by GET',
          {
            retryAfterMs: 30_000,
          },
        );
      }
      const version = source.current(projectId, environment)?.version ?? 0;
      let client: Client | undefined;
      return new ReadableStream<Uint8Array>({
        start(controller) {
          client = { topic: topicOf(projectId, environment), controller };
          remember(client);
          // Each client its own pause, so that not all come back at once when a server restarts.
          const retryMs = Math.round(RETRY_MS * (1 + random()));
          controller.enqueue(encoder.encode(`retry: ${retryMs}\n\n${versionEvent(version)}`));
        },
        cancel() {
          if (client) forget(client);
        },
      });
    },
    count: () => open,
  };
}

function versionEvent(version: number): string {
  return `event: definitions\ndata: ${JSON.stringify({ version })}\n\n`;
}

function topicOf(projectId: number, environment: string): string {
  return `${projectId}/${environment}`;
}
