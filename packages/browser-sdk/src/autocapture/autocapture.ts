import { watchClicks } from './clicks.ts';
import type { AutocaptureClient } from './client.ts';
import { watchDeadClicks } from './dead-clicks.ts';
import { watchErrors } from './errors.ts';
import { watchForms } from './forms.ts';
import { type AutocaptureOptions, readAutocaptureOptions } from './options.ts';
import { createPageLeave } from './page-leave.ts';
import { watchPageViews } from './page-views.ts';
import { watchRageClicks } from './rage-clicks.ts';
import { createScope } from './scope.ts';

/**
 * Tracks page views, leaving, clicks, forms and errors by itself; the returned function ends that, and may be called
 * again. What is typed or chosen in a form is never read. Throws a TypeError for a selector that is none; nothing of
 * it throws into the page later. Without a DOM, as on a server, it does nothing.
 */
export function autocapture(client: AutocaptureClient, options: AutocaptureOptions = {}): () => void {
  if (typeof document === 'undefined') return () => {};
  const read = readAutocaptureOptions(options);
  const wants = (name: keyof AutocaptureOptions): boolean => read[name] !== false;
  const scope = createScope();
  const leaving = wants('pageLeave') ? createPageLeave(scope, client, read.idleMs) : undefined;
  if (leaving) scope.onEnd(client.on('hide', scope.guard(leaving.leave)));
  if (wants('errors')) watchErrors(scope, client);
  if (wants('pageViews')) watchPageViews(scope, client, read.pageViews === 'hash', leaving);
  if (wants('clicks') || wants('outbound') || wants('downloads')) watchClicks(scope, client, read);
  if (wants('forms')) watchForms(scope, client, read);
  if (wants('rageClicks')) watchRageClicks(scope, client, read);
  if (wants('deadClicks')) watchDeadClicks(scope, client, read);
  return scope.end;
}
