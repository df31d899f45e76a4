import type { AutocaptureClient } from './client.ts';
import { watchHistory } from './history.ts';
import type { PageLeave } from './page-leave.ts';
import type { Scope } from './scope.ts';

/** The last address that a client has told of; one that starts anew does not tell of it again. */
const told = new WeakMap<AutocaptureClient, string>();

/** Page views: the first, each change of the address, and each return from the back-forward cache. */
export function watchPageViews(
  scope: Scope,
  client: AutocaptureClient,
  withHash: boolean,
  leaving: PageLeave | undefined,
): void {
  const key = (url = location.href): string => {
    const { href, hash } = new URL(url, document.baseURI);
    return withHash ? href : href.slice(0, href.length - hash.length);
  };
  // Ended and begun again at the same address, it is still the page that was seen.
  let path = key() === told.get(client) ? location.pathname : undefined;
  const view = ($navigation: string): void => {
    const $previous_path = path;
    path = location.pathname;
    told.set(client, key());
    leaving?.begin();
    client.page({ $navigation, $previous_path });
  };
  // Before the first page is seen there is none to leave.
  const leave = () => path !== undefined && leaving?.leave();
  const change = (navigation: string): void => {
    if (key() === told.get(client)) return;
    leave();
    view(navigation);
  };

  watchHistory(scope, {
    // While the context of the event is still that of the page that is left.
    before: (url) => key(url) !== told.get(client) && leave(),
    after: change,
  });
  if (withHash) scope.listen('hashchange', () => change('hash'));
  scope.listen('pageshow', ({ persisted }: PageTransitionEvent) => persisted && view('restore'));

  const first = scope.guard(() => change('load'));
  // A page that is only prerendered has not been seen.
  if ((document as { prerendering?: boolean }).prerendering) scope.listen('prerenderingchange', first);
  else first();
}
