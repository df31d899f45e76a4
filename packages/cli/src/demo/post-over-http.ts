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
    } catch (error) {
      return { status: 0, failure: `${target.origin}: ${reasonOf(error)}` };
    }
  };
}

/** `fetch` says only that it failed; the cause says why. */
function reasonOf(error: unknown): string {
  const cause = error instanceof Error && error.cause !== undefined ? error.cause : error;
  if (cause instanceof AggregateError) return cause.errors.map(reasonOf).join('; ');
  return cause instanceof Error ? cause.message : String(cause);
}
