import type { Comparison, Where } from '../question/question-schema.ts';

const TABLE: readonly [name: string, channels: string[], medium?: string][] = [
  ['direct', ['direct']],
  ['email', ['email'], 'e-?mail|newsletter'],
  ['affiliate', ['affiliates'], 'affiliates?'],
  ['display', ['display'], 'display|banner|interstitial|expandable|cpm'],
  ['paid social', ['paid_social'], 'paid[-_ ]?social'],
  ['paid search', ['paid_search'], 'cpc|ppc|paid[-_ ]?search'],
  ['paid other', ['paid_other', 'paid_video'], 'paid.*|retargeting|cp[av]'],
  ['social', ['organic_social', 'organic_video'], 'social.*'],
  ['organic search', ['organic_search'], 'organic'],
  ['message', ['sms', 'push', 'audio'], 'sms|.*push|notification|audio|podcast'],
  ['referral', ['referral'], 'referral'],
  ['campaign', ['campaign'], '.+'],
];

const rule = (name: string, condition: Comparison): { name: string; where: Where } => ({
  name,
  where: [condition],
});

/**
 * How touches are grouped unless the question says otherwise: by the channel that the collector found, and rows that
 * came another way by `utm_medium`. The first rule that takes a row decides.
 */
export const DEFAULT_CHANNELS = [
  ...TABLE.map(([name, value]) => rule(name, { property: 'channel', operator: 'is', value })),
  ...TABLE.flatMap(([name, , medium]) =>
    medium === undefined
      ? []
      : [rule(name, { property: 'utm_medium', operator: 'matches', value: `(?i)^(?:${medium})$` })],
  ),
];
