import { withScope } from '../node/request-scope.ts';
import { type MiddlewareOptions, scopeOfRequest } from './scope-of-request.ts';

/** What is read of Express's request, 4 and 5; Connect's will do. */
export interface ExpressRequest {
  headers: { [name: string]: string | string[] | undefined };
  originalUrl?: string;
  url?: string;
  ip?: string | undefined;
}

/** What is used of Express's response. */
export interface ExpressResponse {
  appendHeader(name: string, value: string): unknown;
}

/** Middleware: events, variants and flags while a request is handled are of its visitor. */
export function analyticsScope<Request extends ExpressRequest>(options: MiddlewareOptions<Request> = {}) {
  return (request: Request, response: ExpressResponse, next: () => void): void => {
    const facts = {
      url: request.originalUrl ?? request.url,
      ip: request.ip,
      header: (name: string) => String(request.headers[name] ?? '') || undefined,
      setCookie: (value: string) => void response.appendHeader('set-cookie', value),
    };
    withScope(scopeOfRequest(facts, request, options), () =>
      withScope(options.identify?.(request) ?? {}, next),
    );
  };
}
