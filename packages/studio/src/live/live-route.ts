import type { Context } from 'hono';
import { streamSSE } from 'hono/streaming';
import type { LivePoller } from './poller.ts';

/** Answers `GET /api/live`: server-sent events, each a LiveMessage as JSON, until either side hangs up. */
export function liveRoute(poller: LivePoller): (c: Context) => Response {
  return (c) => {
    // Proxies that buffer would hold the stream back.
    c.header('X-Accel-Buffering', 'no');
    return streamSSE(c, async (stream) => {
      const subscription = poller.subscribe();
      stream.onAbort(() => subscription.close());
      try {
        for (;;) {
          const message = await subscription.next();
          if (!message || stream.aborted) return;
          await stream.writeSSE({ data: JSON.stringify(message) });
        }
      } finally {
        subscription.close();
      }
    });
  };
}
