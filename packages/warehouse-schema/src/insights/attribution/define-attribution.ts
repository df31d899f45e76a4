import { describeEvents, describeScope } from '../question/describe.ts';
import type { Duration } from '../question/question-schema.ts';
import type { AttributionQuestion } from './attribution-question.ts';

/** What an answer of attribution says, in words. */
export function defineAttribution(question: AttributionQuestion): string {
  const { conversion, touch = { event: '$page' }, property, channels, direct = ['direct'] } = question;
  const { lookback = { value: 30, unit: 'day' }, gap = { value: 30, unit: 'minute' }, halfLife } = question;
  const by = property ?? (channels ? 'the rules of the question' : 'the default table of channels');
  return [
    `What each ${describeEvents(conversion)}${conversion.property ? ` and its ${conversion.property}` : ''}`,
    `owes to ${describeEvents(touch)} at most ${words(lookback)} before it, by ${by};`,
    `a touch that follows one of the same channel within ${words(gap)} is one with it.`,
    `Decay halves every ${halfLife ? words(halfLife) : 'quarter of the look-back'};`,
    `last non-direct passes over ${direct.length === 0 ? 'nothing' : direct.join(' and ')}.`,
    'Markov: by the share of conversions lost without a channel; a person’s touches after the last conversion are a path that led to none.',
    'Shapley: a coalition of channels is worth the conversions whose touches are all of it.',
    describeScope(question),
  ].join(' ');
}

function words({ value, unit }: Duration): string {
  return `${value} ${unit}${value === 1 ? '' : 's'}`;
}
