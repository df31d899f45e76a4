import { invalid } from '../insight-error.ts';
import { durationMs, type EventChoice } from '../question/question-schema.ts';
import { eventNames } from '../question/where-sql.ts';
import type { FunnelFields } from './funnel-question.ts';

/** A step of a plan: one that must be done, in order of the numbers from 1. */
interface PlannedStep {
  choice: EventChoice;
  /** Where it stands in the question. */
  pointer: string;
  withinMs: number | undefined;
}

interface PlannedExclusion {
  choice: EventChoice;
  pointer: string;
  /** Steps of the plan, from 1. */
  after: number;
  before: number;
}

/** A funnel as it is worked out: without the optional steps, which have plans of their own. */
export interface FunnelPlan {
  order: 'ordered' | 'strict' | 'unordered';
  steps: PlannedStep[];
  windowMs: number;
  exclusions: PlannedExclusion[];
  /** Whether no row can be of two steps. */
  exclusive: boolean;
}

const MAX_WINDOW_MS = 800 * 86_400_000;
const MAX_OVERLAPPING_UNORDERED = 8;

/** The plan of the steps that must be done. @throws InsightError when the question makes no sense. */
export function planFunnel(question: FunnelFields): FunnelPlan {
  const { order = 'ordered', window = { value: 14, unit: 'day' }, exclusions = [] } = question;
  const windowMs = durationMs(window);
  if (windowMs > MAX_WINDOW_MS) throw invalid('/window', 'must not be longer than 800 days');
  const steps = question.steps.flatMap(({ optional, within, ...choice }, index) => {
    const pointer = `/steps/${index}`;
    if (order !== 'ordered' && optional) throw invalid(`${pointer}/optional`, 'only ordered funnels have it');
    if (order === 'unordered' && within)
      throw invalid(`${pointer}/within`, 'in an unordered funnel no step comes before another; see window');
    if (index === 0 && (optional || within))
      throw invalid(`${pointer}/${optional ? 'optional' : 'within'}`, 'the first step has none');
    return optional ? [] : [{ choice, pointer, withinMs: within && durationMs(within) }];
  });
  const exclusive = areExclusive(steps.map(({ choice }) => choice));
  if (order === 'unordered' && !exclusive && steps.length > MAX_OVERLAPPING_UNORDERED)
    throw invalid(
      '/steps',
      `at most ${MAX_OVERLAPPING_UNORDERED} in an unordered funnel whose steps overlap`,
    );
  const lastNeeded = question.steps.reduce((last, { optional }, n) => (optional ? last : n + 1), 1);
  const planned = exclusions.map((exclusion, index) => {
    const pointer = `/exclusions/${index}`;
    const { after = 1, before = lastNeeded } = exclusion;
    const { after: _after, before: _before, ...choice } = exclusion;
    if (order === 'unordered') checkUnordered(exclusion, steps.length, pointer);
    if (before <= after) throw invalid(`${pointer}/before`, 'must be a later step than after');
    const place = {
      after: stepOf(question, after, `${pointer}/after`),
      before: stepOf(question, before, `${pointer}/before`),
    };
    return { choice, pointer, ...place };
  });
  return { order, steps, windowMs, exclusions: planned, exclusive };
}

/** In whichever order the steps are done, an exclusion is one from the first that was done to the last. */
function checkUnordered(
  exclusion: NonNullable<FunnelFields['exclusions']>[number],
  count: number,
  pointer: string,
): void {
  for (const field of ['after', 'before'] as const)
    if (exclusion[field] !== undefined)
      throw invalid(
        `${pointer}/${field}`,
        'an unordered funnel has none: from the first step done to the last',
      );
  if (count === 1) throw invalid(pointer, 'there must be two steps for something to come between');
}

/** For each optional step the plan that ends with it; its number among the steps is the key. */
export function planOptionalSteps(question: FunnelFields): Map<number, FunnelPlan> {
  const plans = new Map<number, FunnelPlan>();
  for (const [index, { optional, ...step }] of question.steps.entries()) {
    if (!optional) continue;
    const before = question.steps.slice(0, index).filter((one) => !one.optional);
    const kept = (question.exclusions ?? []).filter(({ before: last }) => (last ?? Infinity) <= index);
    const plan = planFunnel({ ...question, exclusions: [], steps: [...before, step] });
    const exclusions = planFunnel({ ...question, exclusions: kept }).exclusions;
    const pointers = question.steps.flatMap((one, n) => (n < index && !one.optional ? [`/steps/${n}`] : []));
    const steps = plan.steps.map((one, n) => ({ ...one, pointer: pointers[n] ?? `/steps/${index}` }));
    plans.set(index, { ...plan, steps, exclusions });
  }
  return plans;
}

/** The number of a step of the question among those that must be done. */
export function stepOf({ steps }: Pick<FunnelFields, 'steps'>, number: number, pointer: string): number {
  const step = steps[number - 1];
  if (!step) throw invalid(pointer, `there is no step ${number}; there are ${steps.length}`);
  if (step.optional) throw invalid(pointer, `step ${number} is optional`);
  return steps.slice(0, number).filter((one) => !one.optional).length;
}

/** Whether it can be seen from the choices that no event is of two of them. */
function areExclusive(choices: readonly EventChoice[]): boolean {
  return choices.every((one, index) => choices.slice(index + 1).every((other) => exclude(one, other)));
}

function exclude(one: EventChoice, other: EventChoice): boolean {
  const [names, others] = [eventNames([one]), eventNames([other])];
  if (names && others && !names.some((name) => others.includes(name))) return true;
  const valuesOf = ({ where = [] }: EventChoice) =>
    where.flatMap((condition) =>
      'property' in condition && condition.operator === 'is'
        ? [{ property: condition.property, values: [condition.value].flat().map(String) }]
        : [],
    );
  return valuesOf(one).some(({ property, values }) =>
    valuesOf(other).some(
      (two) => two.property === property && !two.values.some((value) => values.includes(value)),
    ),
  );
}
