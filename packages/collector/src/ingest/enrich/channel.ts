import type { Columns } from './enrich-step.ts';

const SEARCH =
  /(?:^|\.)(?:google|bing|duckduckgo|yahoo|baidu|yandex|ecosia|qwant|startpage|seznam|naver|ask|kagi|aol)\.[a-z.]+$|^search\.brave\.com$/;
const SOCIAL =
  /(?:^|\.)(?:facebook|instagram|threads|linkedin|lnkd|twitter|reddit|pinterest|tiktok|snapchat|tumblr|mastodon|vk|weibo|quora)\.[a-z.]+$|^(?:t\.co|x\.com|fb\.com|fb\.me|bsky\.app|news\.ycombinator\.com|t\.me)$/;
const VIDEO = /(?:^|\.)(?:youtube|vimeo|twitch|dailymotion|bilibili)\.[a-z.]+$|^youtu\.be$/;
const MAIL =
  /^(?:mail|webmail|outlook)\.|(?:^|\.)(?:mail\.google|mail\.yahoo|outlook\.live|outlook\.office)\.com$/;
const SEARCH_SOURCE = /^(?:google|bing|duckduckgo|yahoo|baidu|yandex|ecosia|qwant|adwords)$/i;
const SOCIAL_SOURCE =
  /^(?:facebook|fb|instagram|ig|threads|linkedin|twitter|x|reddit|pinterest|tiktok|snapchat|mastodon|bluesky)$/i;
const VIDEO_SOURCE = /^(?:youtube|vimeo|twitch)$/i;
const PAID_MEDIUM = /^(?:.*cp[acmv]?|ppc|retargeting|paid.*)$/i;
const CLICK_ID = /[?&](?:gclid|gbraid|wbraid|msclkid|dclid|yclid)=/;

type Place = 'search' | 'social' | 'video' | 'email' | 'other';

/** The kind of place that a source or a referring domain is. */
function placeOf(source: string, domain: string): Place {
  if (SEARCH_SOURCE.test(source)) return 'search';
  if (SOCIAL_SOURCE.test(source)) return 'social';
  if (VIDEO_SOURCE.test(source)) return 'video';
  if (MAIL.test(domain)) return 'email';
  if (SOCIAL.test(domain)) return 'social';
  if (VIDEO.test(domain)) return 'video';
  return SEARCH.test(domain) ? 'search' : 'other';
}

const BY_MEDIUM: readonly [medium: RegExp, channel: string][] = [
  [/^e-?mail$|^newsletter$/i, 'email'],
  [/^display$|^banner$|^interstitial$|^expandable$|^cpm$/i, 'display'],
  [/^affiliates?$/i, 'affiliates'],
  [/^sms$/i, 'sms'],
  [/push$|^notification$/i, 'push'],
  [/^audio$|^podcast$/i, 'audio'],
];

function paidChannel(place: Place, clicked: boolean): string {
  if (place === 'other' || place === 'email') return clicked ? 'paid_search' : 'paid_other';
  return `paid_${place}`;
}

/** The channel of a visit that nobody paid for. */
function unpaidChannel(place: Place, medium: string, tagged: boolean, domain: string): string {
  if (place === 'email') return 'email';
  if (place !== 'other') return `organic_${place}`;
  if (/^social/i.test(medium)) return 'organic_social';
  if (tagged && !/^referral$/i.test(medium)) return 'campaign';
  return tagged || domain !== '' ? 'referral' : 'direct';
}

/**
 * The marketing channel that a page view came through: `direct`, `organic_search`, `paid_search`,
 * `organic_social`, `paid_social`, `organic_video`, `paid_video`, `paid_other`, `email`, `display`,
 * `affiliates`, `sms`, `push`, `audio`, `campaign` or `referral`. Undefined for a step within one site, and
 * where neither a page nor a source is known.
 */
export function channelOf(row: Columns): string | undefined {
  const { utm_medium: medium = '', utm_source: source = '', referrer_domain: domain = '' } = row;
  if (row.url === undefined && row.referrer === undefined && source === '') return undefined;
  const tagged = medium !== '' || source !== '' || row.utm_campaign !== undefined;
  const clicked = CLICK_ID.test(row.search ?? '');
  const isInternal = domain !== '' && domain === row.hostname?.replace(/^www\./, '');
  if (isInternal && !tagged && !clicked) return undefined;

  const byMedium = BY_MEDIUM.find(([pattern]) => pattern.test(medium))?.[1];
  if (byMedium) return byMedium;
  const place = placeOf(source, domain);
  if (clicked || PAID_MEDIUM.test(medium)) return paidChannel(place, clicked);
  return unpaidChannel(place, medium, tagged, domain);
}
