import type { Context, Hono } from 'hono';
import { preflightResponse } from './cors.ts';
import { HttpError } from './http-error.ts';
import type { CollectorEnv } from './receive.ts';

/** Answers a request, or throws an HttpError. */
export type Handler = (c: Context<CollectorEnv>) => Response | Promise<Response>;

/** Adds a route with its preflight; any other method is answered 405 with the one that it has. */
export function addRoute(
  routes: Hono<CollectorEnv>,
  method: 'GET' | 'POST',
  path: string,
  handler: Handler,
): void {
  routes.on(method, path, handler);
  routes.options(path, (c) => preflightResponse(c.req.header('access-control-request-headers'), method));
  routes.all(path, () => {
    throw new HttpError(405, 'method_not_allowed', `expected ${method}`, { allow: `${method}, OPTIONS` });
  });
}
