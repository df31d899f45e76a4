import { AsyncLocalStorage } from 'node:async_hooks';
import type { EventOptions } from '../analytics.ts';

// Shared by all copies of this module: the sub-paths of the package are bundles of their own.
const name = Symbol.for('@millrace/node-sdk.scope');
const shared = globalThis as { [name]?: AsyncLocalStorage<EventOptions> };
shared[name] ??= new AsyncLocalStorage<EventOptions>();
const storage = shared[name];

/** Whom the events of the running request are of. */
export function currentScope(): EventOptions | undefined {
  return storage.getStore();
}

/**
 * Runs `run` so that every event recorded in it, also after an `await`, is of whom `scope` names, unless it says
 * otherwise itself. Within another scope it adds to that one.
 */
export function withScope<Result>(scope: EventOptions, run: () => Result): Result {
  const outer = storage.getStore();
  return storage.run({ ...outer, ...scope, context: { ...outer?.context, ...scope.context } }, run);
}

/** Adds to the running scope from here on, as when a request turns out to be a user's. Outside of one it does nothing. */
export function extendScope(scope: EventOptions): void {
  const running = storage.getStore();
  if (running) Object.assign(running, scope, { context: { ...running.context, ...scope.context } });
}
