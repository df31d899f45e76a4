import { createHash, timingSafeEqual } from 'node:crypto';

/** What the guard looks at, as the request carries it; a header that is absent is undefined. */
export interface AccessRequest {
  /** True when the connection comes from this machine. */
  loopback: boolean;
  /** True when a proxy has marked the request: it comes from this machine on behalf of another. */
  forwarded: boolean;
  host: string | undefined;
  origin: string | undefined;
  secFetchSite: string | undefined;
  authorization: string | undefined;
}

/** Why a request was refused; the codes of the error body. */
export type AccessRefusal = {
  status: 401 | 403;
  code: 'token_required' | 'token_wrong' | 'token_not_set' | 'foreign_host' | 'foreign_origin';
  message: string;
};

const LOCAL_HOST = /^(?:localhost|127\.0\.0\.1|\[::1\])(?::\d{1,5})?$/i;

/**
 * Decides who may query and administer: whoever carries the admin token, and whoever sits on this machine
 * and does not come from a web page of another site. Host is checked against DNS rebinding, Origin and
 * Sec-Fetch-Site against pages elsewhere; `hosts` are further names of this machine that are as good as localhost.
 * Returns undefined for "yes".
 */
export function decideAccess(
  request: AccessRequest,
  adminToken: string | undefined,
  hosts: readonly string[] = [],
): AccessRefusal | undefined {
  const token = bearerToken(request.authorization);
  if (token !== undefined) {
    if (adminToken && sameToken(token, adminToken)) return undefined;
    return { status: 401, code: 'token_wrong', message: 'The admin token is not the one of this server.' };
  }
  if (!request.loopback || request.forwarded) return refuseRemote(adminToken);
  if (!isLocalHost(request.host ?? '', hosts)) {
    const names = ['localhost', '127.0.0.1', '[::1]', ...hosts];
    return {
      status: 403,
      code: 'foreign_host',
      message: `Host must be one of ${names.join(', ')}; under another name send the admin token.`,
    };
  }
  if (!isOwnPage(request)) {
    return {
      status: 403,
      code: 'foreign_origin',
      message: 'A web page of another origin may not ask this; send the admin token.',
    };
  }
  return undefined;
}

function isLocalHost(host: string, others: readonly string[]): boolean {
  if (LOCAL_HOST.test(host)) return true;
  const name = host.replace(/:\d{1,5}$/, '').toLowerCase();
  return others.some((other) => other.toLowerCase() === name);
}

function refuseRemote(adminToken: string | undefined): AccessRefusal {
  if (adminToken) {
    return {
      status: 401,
      code: 'token_required',
      message: 'Send "Authorization: Bearer <admin token>"; without it only this machine may ask.',
    };
  }
  return {
    status: 403,
    code: 'token_not_set',
    message: 'Only this machine may ask, since no admin token is set (MILLRACE_ADMIN_TOKEN).',
  };
}

function isOwnPage(request: AccessRequest): boolean {
  const site = request.secFetchSite;
  if (site !== undefined && site !== 'same-origin' && site !== 'none') return false;
  if (request.origin === undefined) return true;
  const host = request.host?.toLowerCase();
  return (
    request.origin.toLowerCase() === `http://${host}` || request.origin.toLowerCase() === `https://${host}`
  );
}

function bearerToken(authorization: string | undefined): string | undefined {
  const match = /^Bearer +(.+)$/i.exec(authorization ?? '');
  return match?.[1]?.trim();
}

function sameToken(given: string, expected: string): boolean {
  // Digests are of equal length, so the comparison takes the same time whatever was given.
  return timingSafeEqual(digest(given), digest(expected));
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
