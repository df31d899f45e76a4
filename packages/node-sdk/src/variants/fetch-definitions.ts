import { retryAfterMs } from '@millrace/core';
import { DEFINITIONS_FORMAT, type Definitions } from '@millrace/core/evaluation';

/** What a look at the definitions brought. `status` 0 means that no answer came. */
export type FetchedDefinitions =
  | { kind: 'new'; definitions: Definitions; etag: string | undefined }
  | { kind: 'unchanged' }
  | { kind: 'failed'; status: number; message: string; afterMs: number };

/** Where the definitions are, and as whom they are asked for. */
export interface DefinitionsRequest {
  url: string;
  writeKey: string;
  timeoutMs: number;
  /** Of the document that is here. */
  etag: string | undefined;
  /** Milliseconds since 1970. */
  now: number;
}

/** Asks the collector for the definitions. Never rejects. */
export async function fetchDefinitions(request: DefinitionsRequest): Promise<FetchedDefinitions> {
  const failed = (status: number, message: string, afterMs = 0): FetchedDefinitions => ({
    kind: 'failed',
    status,
    message,
    afterMs,
  });
  let status = 0;
  try {
    const response = await fetch(request.url, {
      headers: {
        authorization: `Bearer ${request.writeKey}`,
        ...(request.etag && { 'if-none-match': request.etag }),
      },
      signal: AbortSignal.timeout(request.timeoutMs),
      redirect: 'error',
    });
    status = response.status;
    const text = await response.text();
    if (status === 304) return { kind: 'unchanged' };
    if (status !== 200) {
      const afterMs = retryAfterMs(response.headers.get('retry-after') ?? undefined, request.now);
      return failed(status, `the collector answered ${status}`, afterMs);
    }
    const definitions: unknown = JSON.parse(text);
    return isReadable(definitions)
      ? { kind: 'new', definitions, etag: response.headers.get('etag') ?? undefined }
      : failed(status, `no definitions of format ${DEFINITIONS_FORMAT}`);
  } catch (error) {
    return failed(status, String(error));
  }
}

/** Whether an evaluator can make something of it. A document of a later format is left, the one before it stays. */
export function isReadable(value: unknown): value is Definitions {
  const { format, version, flags, experiments } = (value ?? {}) as { [field: string]: unknown };
  const isObject = (field: unknown): boolean => typeof field === 'object' && field !== null;
  return (
    format === DEFINITIONS_FORMAT && Number.isFinite(version) && isObject(flags) && isObject(experiments)
  );
}
