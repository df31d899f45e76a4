import type { AutocaptureClient } from './client.ts';
import { describe, pathOf, some, TYPED } from './element.ts';
import type { ReadOptions } from './options.ts';
import type { Scope } from './scope.ts';

const CLICKS = 3;
const WITHIN_MS = 1000;
const WITHIN_PX = 30;

/** `$rage_click`, once for each burst of clicks at one place. */
export function watchRageClicks(scope: Scope, client: AutocaptureClient, options: ReadOptions): void {
  let burst: MouseEvent[] = [];
  let told = false;
  scope.listen('click', (event: MouseEvent) => {
    const path = pathOf(event);
    // A keyboard "clicks" at no place.
    if (event.detail === 0 || some(path, `${options.ignore},${TYPED}`)) return;
    burst = [...burst, event].filter(
      ({ timeStamp, clientX, clientY }) =>
        event.timeStamp - timeStamp <= WITHIN_MS &&
        Math.hypot(event.clientX - clientX, event.clientY - clientY) <= WITHIN_PX,
    );
    told &&= burst.length > 1;
    // A third click within a second also selects a paragraph.
    if (told || burst.length < CLICKS || getSelection()?.type === 'Range') return;
    told = true;
    client.track('$rage_click', describe(path, options));
  });
}
