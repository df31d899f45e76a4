import { AsyncLocalStorage } from 'node:async_hooks';
import type { VisitorScope } from '../scope.ts';
import { mergeScopes } from '../variants/merge-scopes.ts';

// Shared by all copies of this module: the sub-paths of the package are bundles of their own.
const name = Symbol.for('@millrace/node-sdk.scope');
const shared = globalThis as { [name]?: AsyncLocalStorage<VisitorScope> };
shared[name] ??= new AsyncLocalStorage<VisitorScope>();
const storage = shared[name];

/** Whom the events of the running request are of. */
export function currentScope(): VisitorScope | undefined {
  return storage.getStore();
}

/**
 * Runs `run` so that every event recorded in it, also after an `await`, is of whom `scope` names, unless it says
 * otherwise itself. Within another scope it adds to that one.
 */
export function withScope<Result>(scope: VisitorScope, run: () => Result): Result {
  const outer = storage.getStore();
  return storage.run(mergeScopes([outer, scope]), run);
}

/** Adds to the running scope from here on, as when a request turns out to be a user's. Outside of one it does nothing. */
export function extendScope(scope: VisitorScope): void {
  const running = storage.getStore();
  if (running) Object.assign(running, mergeScopes([running, scope]));
}
