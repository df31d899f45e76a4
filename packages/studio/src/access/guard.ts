import type { Context, MiddlewareHandler } from 'hono';
import { errorResponse } from '../error-response.ts';
import { type AccessRefusal, decideAccess } from './decide-access.ts';

/** Who may query and administer. */
export interface AccessOptions {
  /** Whether the connection comes from this machine; from the socket's address, never from a header. */
  isLoopback(c: Context): boolean;
  /** What everyone else has to send as a bearer token; without one, nobody else may. */
  adminToken?: string;
  /** Names of this machine, beside localhost, under which its own callers may ask; without port. @default [] */
  hosts?: readonly string[];
}

const FORWARDING_HEADERS = ['forwarded', 'x-forwarded-for', 'x-forwarded-host', 'x-real-ip', 'via'];

/** The refusal that a request would meet, or undefined where it may pass. */
export function refusalOf(c: Context, access: AccessOptions): AccessRefusal | undefined {
  return decideAccess(
    {
      loopback: access.isLoopback(c),
      forwarded: FORWARDING_HEADERS.some((name) => c.req.header(name) !== undefined),
      host: c.req.header('host'),
      origin: c.req.header('origin'),
      secFetchSite: c.req.header('sec-fetch-site'),
      authorization: c.req.header('authorization'),
    },
    access.adminToken,
    access.hosts,
  );
}

/**
 * Middleware that lets through the admin token and this machine's own callers, and answers everyone else
 * with 401 or 403 in the usual error body.
 */
export function createGuard(access: AccessOptions): MiddlewareHandler {
  return async (c, next) => {
    const refusal = refusalOf(c, access);
    if (!refusal) return next();
    if (refusal.status === 401) c.header('WWW-Authenticate', 'Bearer');
    return errorResponse(c, refusal.status, refusal.code, refusal.message);
  };
}
