import type { TransportAnswer } from '@millrace/core';

// Browsers allow 64 KB of bodies at a time to all requests together that outlive their page.
const KEEPALIVE_BUDGET_BYTES = 60 * 1024;
// An ordinary request leaves room for what is tracked while it is under way.
const ORDINARY_KEEPALIVE_BYTES = KEEPALIVE_BUDGET_BYTES / 2;
const COMPRESS_FROM_BYTES = 2048;
const TIMEOUT_MS = 30_000;

/** A request that was made. */
export interface Delivery {
  /** Never rejects. */
  answer: Promise<TransportAnswer>;
  /** Whether the request goes on when the page is left now. */
  outlivesPage: boolean;
}

/** Brings bodies to the collector, by requests that need no preflight. */
export interface Transport {
  /** Sends `text`. `onUnload`: at once, in this task, by a request that outlives the page. */
  sendBody(text: string, onUnload: boolean): Delivery;
  /** How many bytes can still be sent on unload. */
  unloadRoom(): number;
}

/** Brings bodies to `<host>/v1/batch` as plain text or packed, without credentials and without headers of our own. */
export function createTransport(host: string): Transport {
  let room = KEEPALIVE_BUDGET_BYTES;

  const post = async (delivery: Delivery, text: string): Promise<TransportAnswer> => {
    let url = `${host}/v1/batch`;
    let body: BodyInit = text;
    let blob = new Blob([text]);
    let held = 0;
    try {
      // While it is packed, nothing is under way.
      if (
        !delivery.outlivesPage &&
        blob.size > COMPRESS_FROM_BYTES &&
        typeof CompressionStream === 'function'
      ) {
        // Without a type: a request with it has no content type, and needs no preflight.
        blob = await new Response(blob.stream().pipeThrough(new CompressionStream('gzip'))).blob();
        body = blob;
        url += '?encoding=gzip';
      }
      delivery.outlivesPage ||= blob.size < Math.min(ORDINARY_KEEPALIVE_BYTES, room);
      const keepalive = delivery.outlivesPage;
      if (keepalive) held = blob.size;
      room -= held;
      const response = await fetch(url, {
        method: 'POST',
        body,
        keepalive,
        credentials: 'omit',
        signal: AbortSignal.timeout?.(TIMEOUT_MS),
      });
      return {
        status: response.status,
        retryAfter: response.headers.get('retry-after'),
        body: await response.json().catch(() => undefined),
      };
    } catch {
      return { status: 0 };
    } finally {
      room += held;
    }
  };

  return {
    sendBody(text, onUnload) {
      const delivery = { outlivesPage: onUnload } as Delivery;
      delivery.answer = post(delivery, text);
      return delivery;
    },
    unloadRoom: () => room,
  };
}
