import type { CohortCondition, Comparison, EventChoice, Question, Where } from './question-schema.ts';

const WORDS: Record<Comparison['operator'], string> = {
  is: 'is',
  is_not: 'is not',
  contains: 'contains',
  not_contains: 'does not contain',
  starts_with: 'begins with',
  ends_with: 'ends with',
  matches: 'matches',
  not_matches: 'does not match',
  lt: '<',
  lte: '≤',
  gt: '>',
  gte: '≥',
  is_set: 'is set',
  is_not_set: 'is not set',
};

const comparison = ({ property, operator, value }: Comparison): string =>
  [property, WORDS[operator], ...(value === undefined ? [] : [[value].flat().join(' or ')])].join(' ');

const condition = (one: Comparison | CohortCondition): string =>
  'cohort' in one ? describeMembership(one) : comparison(one);

function describeMembership({ cohort, not }: CohortCondition): string {
  const which = typeof cohort === 'string' ? cohort : JSON.stringify(cohort);
  return `the person is ${not ? 'not ' : ''}in the cohort ${which}`;
}

/** Conditions in words; empty when there are none. */
function describeWhere(where: Where | undefined): string {
  return (where ?? [])
    .map((one) => ('any' in one ? `(${one.any.map(condition).join(' or ')})` : condition(one)))
    .join(' and ');
}

/** A choice of events in words. */
export function describeEvents({ event, where }: EventChoice): string {
  const names = event === undefined ? 'any event' : [event].flat().join(' or ');
  const conditions = describeWhere(where);
  return conditions === '' ? names : `${names} where ${conditions}`;
}

function describeRange(range: Question['range']): string {
  if (typeof range === 'string') return `Range: ${range}`;
  if ('last' in range) return `The last ${range.last}${range.complete ? ' that are over' : ''}`;
  return `From ${range.from} until before ${range.to}`;
}

/** What a question leaves out and whose clock it goes by, in words. */
export function describeScope({ range, timezone = 'UTC', bots, where }: Question): string {
  const conditions = describeWhere(where);
  return [
    `${describeRange(range)}, ${timezone}`,
    ...(conditions === '' ? [] : [`only events where ${conditions}`]),
    bots ? 'bots included' : 'without bots',
  ]
    .join('; ')
    .concat('.');
}
