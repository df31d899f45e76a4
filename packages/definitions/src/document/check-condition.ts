import type { Condition, Definitions } from '@millrace/core/evaluation';
import { compilePattern, instantOf, PatternError } from '@millrace/core/evaluation';
import { member, type Report } from './definitions-problem.ts';

const FORMS = ['all', 'any', 'not', 'segment', 'attribute'] as const;

/** What the operators compare with; those that are not named take text. */
const TAKES: { [op: string]: [expected: string, fits: (value: unknown) => boolean] } = {
  exists: ['no value', (value) => value === undefined],
  equals: ['a string, number or boolean', (value) => ['string', 'number', 'boolean'].includes(typeof value)],
  in: ['a list of strings, numbers or booleans', isList],
  ...Object.fromEntries(
    ['lt', 'lte', 'gt', 'gte'].map((op) => [op, ['a number', (value: unknown) => typeof value === 'number']]),
  ),
  ...Object.fromEntries(
    ['before', 'after'].map((op) => [
      op,
      ['an ISO 8601 time with its zone', (value: unknown) => isInstant(value)],
    ]),
  ),
};
const TEXT: (typeof TAKES)[string] = ['a string', (value) => typeof value === 'string'];

/** Notes what is wrong with a condition whose fields have the right types. */
export function checkCondition(
  condition: Condition,
  definitions: Definitions,
  path: string,
  report: Report,
): void {
  const forms = FORMS.filter((form) => form in condition);
  if (forms.length !== 1) {
    report(path, `must have one of ${FORMS.join(', ')}; has ${forms.join(', ') || 'none'}`);
    return;
  }
  if ('all' in condition || 'any' in condition) {
    const [form, inner] = 'all' in condition ? ['all', condition.all] : ['any', condition.any];
    for (const [i, one] of inner.entries()) {
      checkCondition(one, definitions, member(member(path, form), i), report);
    }
  } else if ('not' in condition) {
    checkCondition(condition.not, definitions, member(path, 'not'), report);
  } else if ('segment' in condition) {
    if (!Object.hasOwn(definitions.segments ?? {}, condition.segment)) {
      report(member(path, 'segment'), `there is no segment ${condition.segment}`);
    }
  } else checkComparison(condition, path, report);
}

function checkComparison(
  { op, value }: Extract<Condition, { attribute: string }>,
  path: string,
  report: Report,
): void {
  if (op === undefined) {
    report(path, 'must have op');
    return;
  }
  const [expected, fits] = TAKES[op] ?? TEXT;
  if (!fits(value)) {
    report(member(path, 'value'), `must be ${expected} for ${op}`);
  } else if (op === 'matches') {
    try {
      compilePattern(String(value));
    } catch (error) {
      if (!(error instanceof PatternError)) throw error;
      report(member(path, 'value'), `is no pattern: ${error.message}`);
    }
  }
}

function isList(value: unknown): boolean {
  return Array.isArray(value) && value.every((one) => ['string', 'number', 'boolean'].includes(typeof one));
}

function isInstant(value: unknown): boolean {
  return typeof value === 'string' && !Number.isNaN(instantOf(value));
}
