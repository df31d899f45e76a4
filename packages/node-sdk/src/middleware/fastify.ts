import { withScope } from '../node/request-scope.ts';
import { type MiddlewareOptions, scopeOfRequest } from './scope-of-request.ts';

/** What is read of Fastify's request. */
export interface FastifyRequest {
  headers: { [name: string]: string | string[] | undefined };
  url: string;
  ip?: string;
}

interface FastifyInstance {
  addHook(name: 'onRequest', hook: (request: never, reply: unknown, done: () => void) => void): unknown;
}

/** Plugin: events recorded while a request is handled are of its visitor. Register it before the routes. */
export function analyticsScope<Request extends FastifyRequest>(
  instance: FastifyInstance,
  { writeKey, identify }: MiddlewareOptions<Request>,
  done: () => void,
): void {
  instance.addHook('onRequest', (request: Request, _reply, next) => {
    const facts = {
      url: request.url,
      ip: request.ip,
      header: (name: string) => String(request.headers[name] ?? '') || undefined,
    };
    withScope(scopeOfRequest(facts, writeKey), () => withScope(identify?.(request) ?? {}, next));
  });
  done();
}

// Fastify would otherwise give the hook to this plugin's own routes alone.
Object.assign(analyticsScope, { [Symbol.for('skip-override')]: true });
