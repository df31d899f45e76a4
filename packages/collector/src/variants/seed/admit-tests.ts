import type { CollectorDeps } from '../../collector-deps.ts';
import { HttpError } from '../../http/http-error.ts';
import type { Received } from '../../http/receive.ts';

const LOOPBACK = /^(?:localhost|127\.\d+\.\d+\.\d+|\[::1\])$/i;

/**
 * Throws 403 unless the request has a server key, or is of this machine and concerns the demo project. A page of
 * elsewhere that a browser on this machine shows is not of this machine; browsers name it in `Origin` with every POST.
 */
export function requireServerKey(
  { project, writeKey, isLoopback }: Received,
  origin: string | undefined,
  deps: CollectorDeps,
): void {
  if (project.kind === 'server') return;
  if (isLoopback && writeKey === deps.demoKeyOnLoopback && !isElsewhere(origin)) return;
  throw new HttpError(403, 'server_key_required', 'expected a server key: millrace key create --server', {
    field: 'writeKey',
  });
}

function isElsewhere(origin: string | undefined): boolean {
  if (origin === undefined) return false;
  return !URL.canParse(origin) || !LOOPBACK.test(new URL(origin).hostname);
}
