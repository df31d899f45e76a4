import type { AutocaptureClient } from './client.ts';
import type { Scope } from './scope.ts';
import { bareUrl, scrub } from './scrub.ts';

/** A page that fails in a loop has said enough. */
const MOST = 20;

/** Neither says where: the first is of another origin's script, the second harmless. */
const NOISE = /^Script error\.?$|^ResizeObserver loop/;

/** `$error` for what no handler of the page caught, each once a page load, 20 at most. */
export function watchErrors(scope: Scope, client: AutocaptureClient): void {
  const seen = new Set<string>();

  const report = (error: unknown, message: string, kind: string, where: object): void => {
    const { name, stack } = error instanceof Error ? error : { name: typeof error, stack: undefined };
    const $message = scrub(message, 300);
    const $stack =
      stack && stackOf(stack.slice(stack.indexOf(message) < 0 ? 0 : stack.indexOf(message) + message.length));
    const key = `${$message}${$stack}${JSON.stringify(where)}`;
    if (NOISE.test(message) || seen.has(key) || seen.size >= MOST) return;
    seen.add(key);
    client.track('$error', { $message, $type: name, $kind: kind, ...where, $stack: $stack || undefined });
  };

  scope.listen('error', ({ error, message, filename, lineno, colno }: ErrorEvent) => {
    // A picture that does not load comes here too, as another event.
    if (message === undefined) return;
    const where = filename && { $source: bareUrl(filename), $line: lineno, $column: colno };
    report(error, message, 'error', where || {});
  });
  scope.listen('unhandledrejection', ({ reason }: PromiseRejectionEvent) => {
    report(reason, reason instanceof Error ? reason.message : String(reason), 'rejection', {});
  });
}

/** The places that a stack names, without queries. */
function stackOf(stack: string): string {
  const lines = stack.replace(/[?#][^\s:)]*/g, '').match(/^.*:\d+:\d+.*$/gm) ?? [];
  return lines.slice(0, 20).join('\n').slice(0, 4000);
}
