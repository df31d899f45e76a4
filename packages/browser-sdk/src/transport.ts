import { type TransportAnswer, utf8ByteLength } from '@millrace/core';

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
  readonly outlivesPage: boolean;
}

/** Brings bodies to the collector, by requests that need no preflight. */
export interface Transport {
  send(body: string): Delivery;
  /** Sends at once, within this task, by a request that outlives the page. */
  sendOnUnload(body: string): Delivery;
  /** How many bytes `sendOnUnload` can still take. */
  unloadRoom(): number;
}

/** Brings bodies to `<host>/v1/batch` as plain text, without credentials and without headers of our own. */
export function createTransport(host: string): Transport {
  const url = `${host}/v1/batch`;
  const canGzip = typeof CompressionStream === 'function';
  const canKeepalive = 'keepalive' in Request.prototype;
  let keepaliveBytes = 0;

  const post = async (to: string, body: BodyInit, heldBytes: number): Promise<TransportAnswer> => {
    keepaliveBytes += heldBytes;
    try {
      const response = await fetch(to, {
        method: 'POST',
        body,
        keepalive: heldBytes > 0,
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
      keepaliveBytes -= heldBytes;
    }
  };

  const room = () => KEEPALIVE_BUDGET_BYTES - keepaliveBytes;

  return {
    send(body) {
      let outlivesPage = false;
      const postOrdinary = (to: string, payload: BodyInit, bytes: number) => {
        outlivesPage = canKeepalive && bytes <= Math.min(ORDINARY_KEEPALIVE_BYTES, room());
        return post(to, payload, outlivesPage ? bytes : 0);
      };
      const bytes = utf8ByteLength(body);
      const answer =
        canGzip && bytes >= COMPRESS_FROM_BYTES
          ? gzip(body).then((packed) => postOrdinary(`${url}?encoding=gzip`, packed, packed.size))
          : postOrdinary(url, body, bytes);
      return {
        answer: answer.catch(() => ({ status: 0 })),
        get outlivesPage() {
          return outlivesPage;
        },
      };
    },
    sendOnUnload(body) {
      if (canKeepalive) return { answer: post(url, body, utf8ByteLength(body)), outlivesPage: true };
      // Nobody hears what became of a beacon, so to the sender it is an attempt without an answer.
      return { answer: Promise.resolve({ status: 0 }), outlivesPage: navigator.sendBeacon(url, body) };
    },
    unloadRoom: room,
  };
}

async function gzip(body: string): Promise<Blob> {
  const packed = new Blob([body]).stream().pipeThrough(new CompressionStream('gzip'));
  // The type is one that needs no preflight.
  return new Blob([await new Response(packed).arrayBuffer()], { type: 'text/plain' });
}
