import { withScope } from '../node/request-scope.ts';
import { type MiddlewareOptions, scopeOfRequest } from './scope-of-request.ts';

/** What is read of Express's request, 4 and 5; Connect's will do. */
export interface ExpressRequest {
  headers: { [name: string]: string | string[] | undefined };
  originalUrl?: string;
  url?: string;
  ip?: string | undefined;
}

/** Middleware: events recorded while a request is handled are of its visitor. */
export function analyticsScope<Request extends ExpressRequest>({
  writeKey,
  identify,
}: MiddlewareOptions<Request> = {}) {
  return (request: Request, _response: unknown, next: () => void): void => {
    const facts = {
      url: request.originalUrl ?? request.url,
      ip: request.ip,
      header: (name: string) => String(request.headers[name] ?? '') || undefined,
    };
    withScope(scopeOfRequest(facts, writeKey), () => withScope(identify?.(request) ?? {}, next));
  };
}
