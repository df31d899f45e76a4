import { withScope } from '../node/request-scope.ts';
import { type MiddlewareOptions, scopeOfRequest } from './scope-of-request.ts';

/** What is used of Hono's context. */
export interface HonoContext {
  req: { url: string; header(name: string): string | undefined };
  header(name: string, value: string, options: { append: boolean }): void;
}

/** Middleware: events, variants and flags while a request is handled are of its visitor. */
export function analyticsScope<Context extends HonoContext>(options: MiddlewareOptions<Context> = {}) {
  return (context: Context, next: () => Promise<void>): Promise<void> => {
    const facts = {
      url: context.req.url,
      ip: undefined,
      header: (name: string) => context.req.header(name),
      setCookie: (value: string) => context.header('set-cookie', value, { append: true }),
    };
    return withScope(scopeOfRequest(facts, context, options), () =>
      withScope(options.identify?.(context) ?? {}, next),
    );
  };
}
