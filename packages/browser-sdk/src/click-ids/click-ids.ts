/**
 * The parameters by which advertising networks tell clicks apart: Google Ads and Display & Video, Meta, Microsoft,
 * TikTok, X, LinkedIn, Reddit, Pinterest, Quora, Snapchat, Yandex, Instagram, impact.com, Klaviyo.
 */
const PARAMETERS = new Set(
  'gclid gbraid wbraid gclsrc dclid fbclid msclkid ttclid twclid li_fat_id rdt_cid epik qclid sccid yclid igshid irclickid _kx'.split(
    ' ',
  ),
);

/** The part of an event that click ids are added to. */
export interface ClickIdsEvent {
  context?: { [field: string]: unknown };
}

/**
 * For `createAnalytics({ enrich: [clickIds()] })`: the click ids of the address that the page was loaded with become
 * `context.clickIds` of its events, also after the application has changed the address. Nothing is stored: events of
 * later pages find them by their session.
 */
export function clickIds(): (event: ClickIdsEvent) => void {
  const found: Record<string, string> = {};
  if (typeof location !== 'undefined') {
    for (const [parameter, value] of new URLSearchParams(location.search)) {
      const name = parameter.toLowerCase();
      if (PARAMETERS.has(name) && value) found[name] = value.slice(0, 500);
    }
  }
  const any = Object.keys(found).length > 0;
  return (event) => {
    if (any) event.context = { ...event.context, clickIds: { ...found } };
  };
}
