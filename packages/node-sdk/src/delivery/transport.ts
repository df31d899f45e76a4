import type { TransportAnswer } from '@millrace/core';
import type { Platform } from '../platform.ts';

/** Takes bodies to the collector. Never rejects: status 0 means that no answer came. */
export type Transport = (body: string) => Promise<TransportAnswer>;

/** Bodies below this are not worth compressing. */
const GZIP_FROM_BYTES = 1024;

/** A transport over fetch. */
export function createTransport(
  { host, gzip, timeoutMs }: { host: string; gzip: boolean; timeoutMs: number },
  platform: Platform,
): Transport {
  /** Nothing where the runtime cannot, as Next.js's for the edge: then the body goes as it is. */
  const compress = (body: string) => platform.gzip(body).catch(() => undefined);

  return async (body) => {
    try {
      const compressed = gzip && body.length >= GZIP_FROM_BYTES ? await compress(body) : undefined;
      const response = await fetch(`${host}/v1/batch`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...(compressed && { 'content-encoding': 'gzip' }) },
        body: compressed ?? body,
        signal: AbortSignal.timeout(timeoutMs),
        redirect: 'error',
      });
      const text = await response.text();
      return {
        status: response.status,
        retryAfter: response.headers.get('retry-after') ?? undefined,
        body: parse(text),
      };
    } catch {
      return { status: 0 };
    }
  };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
