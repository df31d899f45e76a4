import { withScope } from '../node/request-scope.ts';
import { type MiddlewareOptions, scopeOfRequest } from './scope-of-request.ts';

/** What is read of Fastify's request. */
export interface FastifyRequest {
  headers: { [name: string]: string | string[] | undefined };
  url: string;
  ip?: string;
}

/** What is used of Fastify's reply; a `set-cookie` is added to those that are there. */
interface FastifyReply {
  header(name: string, value: string): unknown;
}

/** What is used of Fastify; its own type of `addHook` has too many forms to be restated. */
export interface FastifyInstance {
  addHook: unknown;
}

type AddHook = (
  name: 'onRequest',
  hook: (request: FastifyRequest, reply: FastifyReply, done: () => void) => void,
) => void;

/** Plugin: events, variants and flags while a request is handled are of its visitor. Register it before the routes. */
export function analyticsScope(
  instance: FastifyInstance,
  options: MiddlewareOptions<FastifyRequest>,
  done: () => void,
): void {
  const addHook = instance.addHook as AddHook;
  addHook.call(instance, 'onRequest', (request, reply, next) => {
    const facts = {
      url: request.url,
      ip: request.ip,
      header: (name: string) => String(request.headers[name] ?? '') || undefined,
      setCookie: (value: string) => void reply.header('set-cookie', value),
    };
    withScope(scopeOfRequest(facts, request, options), () =>
      withScope(options.identify?.(request) ?? {}, next),
    );
  });
  done();
}

// Fastify would otherwise give the hook to this plugin's own routes alone.
Object.assign(analyticsScope, { [Symbol.for('skip-override')]: true });
