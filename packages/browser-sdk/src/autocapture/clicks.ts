import type { AutocaptureClient } from './client.ts';
import { describe, markOf, pathOf, some } from './element.ts';
import type { ReadOptions } from './options.ts';
import type { Scope } from './scope.ts';

/** What a click is expected to do something to. What a visitor chooses in a form is no click to be told of. */
export const CLICKABLE =
  ':any-link,button,summary,[onclick],[role=button],[role=link],[role=menuitem],[role=tab],input:is([type=submit],[type=button])';

const FILES =
  /\.(?:pdf|docx?|xlsx?|pptx?|od[pst]|csv|txt|rtf|epub|zip|7z|rar|t?gz|dmg|pkg|exe|msi|deb|rpm|apk|iso|mp[34]|mov|avi|wav)$/i;

/**
 * One event a click, the most telling one: the name in `data-track`, else `$download`, else `$outbound_click`, else
 * `$click`.
 */
export function watchClicks(scope: Scope, client: AutocaptureClient, options: ReadOptions): void {
  const { clicks = 'all', outbound, downloads, ignore } = options;
  const files = downloads instanceof RegExp ? downloads : FILES;

  const nameOf = (element: Element, link: Element | undefined): string | false | undefined => {
    const mark = clicks && markOf(element);
    if (mark) return mark;
    if (link) {
      const { protocol, host, pathname } = new URL(link.getAttribute('href') ?? '', document.baseURI);
      const isPage = /^https?:$/.test(protocol);
      if (downloads !== false && (link.hasAttribute('download') || (isPage && files.test(pathname))))
        return '$download';
      if (outbound !== false && isPage && host !== location.host) return '$outbound_click';
    }
    return clicks === 'all' && '$click';
  };

  // A middle click opens a link as well, and is no `click`.
  scope.listen('click auxclick', (event: MouseEvent) => {
    const path = pathOf(event);
    const from = (selector: string): number => path.findIndex((element) => element.matches(selector));
    const marked = from('[data-track]:not(form)');
    const index = marked < 0 ? from(CLICKABLE) : marked;
    const element = path[index];
    const link = path.find((each) => each.matches(':any-link'));
    if (!element || event.button > 1 || (event.button === 1 && !link) || some(path, ignore)) return;
    const name = nameOf(element, link);
    if (!name) return;
    const told = describe(path.slice(index), options);
    client.track(
      name,
      link && link !== element ? { ...describe(path.slice(path.indexOf(link)), options), ...told } : told,
    );
  });
}
