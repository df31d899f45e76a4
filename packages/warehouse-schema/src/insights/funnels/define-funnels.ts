import { describeEvents, describeScope } from '../question/describe.ts';
import type { Duration } from '../question/question-schema.ts';
import type { FunnelFields, FunnelPeopleQuestion, FunnelsQuestion } from './funnel-question.ts';
import { maxRowsOfPerson } from './people-sql.ts';

const ORDER = {
  ordered: 'in this order, whatever they did in between',
  strict: 'in this order, with no other event in between',
  unordered: 'in any order',
};

const length = ({ value, unit }: Duration): string => `${value} ${unit}${value === 1 ? '' : 's'}`;

/** What an answer of funnels says, in words. */
export function defineFunnels(question: FunnelsQuestion): string {
  const { breakdown, interval, timeToConvert } = question;
  const sentences = [describeFunnel(question)];
  if (breakdown) {
    const { attribution = 'first', property, step = 1, limit = 10 } = breakdown;
    const whose =
      attribution === 'step' ? `the row of step ${step}` : `the person’s ${attribution} row of the funnel`;
    sentences.push(`Apart for the ${limit} values of ${property} with the most people, as of ${whose}.`);
  }
  if (interval)
    sentences.push(`By the ${interval} in which people entered: what they did later counts there.`);
  if (timeToConvert)
    sentences.push('Times are those of the first chain that got furthest, its steps as late as they can be.');
  return [...sentences, describeScope(question)].join(' ');
}

/** What an answer of funnel-people says, in words. */
export function defineFunnelPeople(question: FunnelPeopleQuestion): string {
  const { step, outcome } = question;
  const who =
    outcome === 'reached' ? `did step ${step}` : `did the step before step ${step} and never that one`;
  return `People who ${who}. ${describeFunnel(question)} ${describeScope(question)}`;
}

/** Which funnel it is, in words. */
export function describeFunnel({ steps, order = 'ordered', window, exclusions = [] }: FunnelFields): string {
  const named = steps.map((step, index) => {
    const within = step.within ? ` within ${length(step.within)} of the step before` : '';
    return `${index + 1}. ${describeEvents(step)}${step.optional ? ' (optional)' : ''}${within}`;
  });
  const between = ({ after = 1, before }: (typeof exclusions)[number]) =>
    order === 'unordered'
      ? 'between the first and the last'
      : `after step ${after} and before ${before === undefined ? 'the last' : `step ${before}`}`;
  const left = exclusions.map(
    (one) => ` Who did ${describeEvents(one)} ${between(one)} on their furthest way is not counted at all.`,
  );
  const span = length(window ?? { value: 14, unit: 'day' });
  return `People who did ${named.join(', ')}, ${order === 'strict' ? ORDER.strict : ORDER[order]}, within ${span} of the first of them, which lies in the range; each by a row of its own, and at one moment in any order.${left.join('')} Of a person at most ${maxRowsOfPerson({ exclusions })} rows are looked at.`;
}
