import { CLICKABLE } from './clicks.ts';
import type { AutocaptureClient } from './client.ts';
import { describe, pathOf, some, TYPED } from './element.ts';
import type { ReadOptions } from './options.ts';
import type { Scope } from './scope.ts';

/** What happens in a page that reacts, apart from a change of its elements. */
const EFFECTS =
  'visibilitychange blur scroll selectionchange focusin input change submit toggle popstate play pause';

/** What reacts in ways that a page cannot see, or is none of its own. */
const OPAQUE = `${TYPED},label,audio,video,canvas,iframe,embed,object,[download]`;

/**
 * `$dead_click` for a click on what is clickable or looks so (its cursor is a hand), after which nothing changes.
 * Looks at changes of the page only while it waits for one.
 */
export function watchDeadClicks(scope: Scope, client: AutocaptureClient, options: ReadOptions): void {
  let forget = (): void => {};
  const observer = new MutationObserver(() => forget());
  scope.listen(EFFECTS, () => forget());
  scope.onEnd(() => forget());

  scope.listen('click', (event: MouseEvent) => {
    forget();
    const path = pathOf(event);
    const index = path.findIndex((element) => element.matches(CLICKABLE));
    const told = path.slice(Math.max(0, index));
    const [element] = told;
    if (!element || some(path, `${options.ignore},${OPAQUE}`) || leadsAway(event, element)) return;
    if (index < 0 && getComputedStyle(element).cursor !== 'pointer') return;

    const before = location.href;
    const timer = setTimeout(
      scope.guard(() => {
        forget();
        if (location.href === before) client.track('$dead_click', describe(told, options));
      }),
      options.deadClickMs ?? 2000,
    );
    forget = () => {
      clearTimeout(timer);
      observer.disconnect();
      forget = () => {};
    };
    observer.observe(document, { subtree: true, childList: true, attributes: true, characterData: true });
  });
}

/** Whether the browser itself answers the click: a link to elsewhere, a form, a new tab. */
function leadsAway({ ctrlKey, metaKey, shiftKey }: MouseEvent, element: Element): boolean {
  const href = element.getAttribute('href');
  return ctrlKey || metaKey || shiftKey || (href !== null && !/^(?:#|javascript:|$)/i.test(href.trim()));
}
