import type { Scope } from './scope.ts';

/** What is called around a change of the address by the page itself. */
interface HistoryHandlers {
  before(url: string): void;
  /** Called once the code that changed the address has run, so that a redirect is one change. */
  after(how: string): void;
}

/** Calls the handlers around `pushState` and `replaceState`, and after the back and forward buttons. */
export function watchHistory(scope: Scope, { before, after }: HistoryHandlers): void {
  const guardedBefore = scope.guard(before);
  const guardedAfter = scope.guard(after);
  for (const how of ['push', 'replace'] as const) {
    const method = `${how}State` as const;
    const own = history[method];
    const wrapper: History['pushState'] = function (this: History, data, unused, url) {
      if (url != null) guardedBefore(String(url));
      own.call(this, data, unused, url);
      queueMicrotask(() => guardedAfter(how));
    };
    history[method] = wrapper;
    // Who wrapped it after us keeps what is by then a plain passage.
    scope.onEnd(() => {
      if (history[method] === wrapper) history[method] = own;
    });
  }
  scope.listen('popstate', () => after('pop'));
}
