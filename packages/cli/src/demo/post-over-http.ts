import type { PostBatch } from './send-batches.ts';

const TIMEOUT_MS = 30_000;

/** Sends batches to the collector at `url`. */
export function postOverHttp(url: string): PostBatch {
  const target = new URL('/v1/batch', url);
  return async (body) => {
    try {
      const response = await fetch(target, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body,
        signal: AbortSignal.timeout(TIMEOUT_MS),
      });
      return {
        status: response.status,
        retryAfter: response.headers.get('retry-after') ?? undefined,
        body: await response.json().catch(() => undefined),
      };
    } catch {
      return { status: 0 };
    }
  };
}
