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
  /** Sends `body`, of `byteLength` in UTF-8. `onUnload`: at once, in this task, by a request that outlives the page. */
  sendBody(body: string, byteLength: number, onUnload: boolean): Delivery;
  /** How many bytes can still be sent on unload. */
  unloadRoom(): number;
}

/** Brings bodies to `<host>/v1/batch` as plain text or packed, without credentials and without headers of our own. */
export function createTransport(host: string): Transport {
  const url = `${host}/v1/batch`;
  const canKeepalive = 'keepalive' in Request.prototype;
  let keepaliveBytes = 0;

  const unloadRoom = () => KEEPALIVE_BUDGET_BYTES - keepaliveBytes;

  const post = async (to: string, body: BodyInit, held: number): Promise<TransportAnswer> => {
    keepaliveBytes += held;
    try {
      const response = await fetch(to, {
        method: 'POST',
        body,
        keepalive: held > 0,
        credentials: 'omit',
        signal: AbortSignal.timeout?.(TIMEOUT_MS) ?? null,
      });
      return {
        status: response.status,
        retryAfter: response.headers.get('retry-after') ?? undefined,
        body: await response.json().catch(() => undefined),
      };
    } catch {
      return { status: 0 };
    } finally {
      keepaliveBytes -= held;
    }
  };

  return {
    sendBody(body, byteLength, onUnload) {
      // Nobody hears what became of a beacon, so to the sender it is an attempt without an answer.
      if (onUnload && !canKeepalive) {
        return { outlivesPage: navigator.sendBeacon(url, body), answer: Promise.resolve({ status: 0 }) };
      }
      const delivery: Partial<Delivery> = {};
      const start = (query: string, payload: BodyInit, size: number) => {
        const fits = size <= Math.min(ORDINARY_KEEPALIVE_BYTES, unloadRoom());
        delivery.outlivesPage = canKeepalive && (onUnload || fits);
        return post(url + query, payload, delivery.outlivesPage ? size : 0);
      };
      // Until it is packed, nothing is under way.
      delivery.answer =
        onUnload || byteLength < COMPRESS_FROM_BYTES || typeof CompressionStream !== 'function'
          ? start('', body, byteLength)
          : gzip(body)
              .then((packed) => start('?encoding=gzip', packed, packed.size))
              .catch(() => ({ status: 0 }));
      return delivery as Delivery;
    },
    unloadRoom,
  };
}

/** Packed, without a type: a request with it has no content type, and needs no preflight. */
function gzip(body: string): Promise<Blob> {
  return new Response(new Blob([body]).stream().pipeThrough(new CompressionStream('gzip'))).blob();
}
