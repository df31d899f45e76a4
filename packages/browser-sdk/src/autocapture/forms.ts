import type { AutocaptureClient } from './client.ts';
import { describe, markOf, pathOf, some } from './element.ts';
import type { ReadOptions } from './options.ts';
import type { Scope } from './scope.ts';

/** A submitted form: the name in `data-track`, else `$form_submit`. Its fields are not looked at. */
export function watchForms(scope: Scope, client: AutocaptureClient, options: ReadOptions): void {
  scope.listen('submit', (event) => {
    const path = pathOf(event);
    const mark = markOf(path[0]);
    if (some(path, options.ignore) || (options.forms === 'marked' && !mark)) return;
    client.track(mark || '$form_submit', describe(path, options));
  });
}
