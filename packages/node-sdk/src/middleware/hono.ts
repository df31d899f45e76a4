import { withScope } from '../node/request-scope.ts';
import { type MiddlewareOptions, scopeOfRequest } from './scope-of-request.ts';

/** What is read of Hono's context. */
export interface HonoContext {
  req: { url: string; header(name: string): string | undefined };
}

/** Middleware: events recorded while a request is handled are of its visitor. */
export function analyticsScope<Context extends HonoContext>({
  writeKey,
  identify,
}: MiddlewareOptions<Context> = {}) {
  return (context: Context, next: () => Promise<void>): Promise<void> => {
    const facts = { url: context.req.url, ip: undefined, header: (name: string) => context.req.header(name) };
    return withScope(scopeOfRequest(facts, writeKey), () => withScope(identify?.(context) ?? {}, next));
  };
}
