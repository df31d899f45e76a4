import type { Json } from '@millrace/core';
import {
  type Condition,
  compilePattern,
  instantOf,
  type Operator,
  PatternError,
} from '@millrace/core/evaluation';
import { ignoreCase, textPattern } from './ignore-case.ts';
import type { ConditionContext } from './import-condition.ts';
import { Unsupported } from './unsupported.ts';

/** One operator of GrowthBook's on an attribute. */
export interface GivenOperator {
  attribute: string;
  operator: string;
  value: Json;
  path: string;
  context: ConditionContext;
  /** The condition that the same attribute is `value`. */
  again: (value: Json) => Condition;
}

const ORDER: { [operator: string]: [op: Operator, before: Operator, negated: boolean] } = {
  $lt: ['lt', 'before', false],
  $lte: ['lte', 'after', true],
  $gt: ['gt', 'after', false],
  $gte: ['gte', 'before', true],
};
const VERSIONS: { [operator: string]: Operator } = {
  $veq: 'semverEq',
  $vlt: 'semverLt',
  $vlte: 'semverLte',
  $vgt: 'semverGt',
  $vgte: 'semverGte',
};
const NEGATED: { [operator: string]: string } = {
  $ne: '$eq',
  $vne: '$veq',
  $nin: '$in',
  $nini: '$ini',
  $notInGroup: '$inGroup',
  $notRegex: '$regex',
  $notRegexi: '$regexi',
};

/** The condition of one operator. Throws `Unsupported` where there is none. */
export function importOperator(given: GivenOperator): Condition {
  const { attribute, operator, value, path, context } = given;
  const opposite = own(NEGATED, operator);
  if (opposite) return { not: importOperator({ ...given, operator: opposite }) };
  if (own(ORDER, operator)) return importOrder(given);
  const version = own(VERSIONS, operator);
  if (version) return { attribute, op: version, value: textOf(value, path) };
  switch (operator) {
    case '$exists': {
      const exists: Condition = { attribute, op: 'exists' };
      return value ? exists : { not: exists };
    }
    case '$eq':
      return isOneOf(attribute, [value], path);
    case '$in':
      return isOneOf(attribute, listOf(value, path), path);
    case '$ini':
      return { any: listOf(value, path).map((one) => equalAnyCase(attribute, one, path)) };
    case '$all':
      return { all: listOf(value, path).map((one) => given.again(one)) };
    case '$alli':
      return { all: listOf(value, path).map((one) => equalAnyCase(attribute, one, path)) };
    case '$inGroup':
      return context.segment(textOf(value, path), attribute, path);
    case '$regex':
      return matches(attribute, textOf(value, path), path);
    case '$regexi':
      return matches(attribute, ignoreCase(textOf(value, path)), path);
    default:
      throw new Unsupported(path, `has no equivalent: ${operator}`);
  }
}

/** Numbers by their order; times, which GrowthBook compares as text, as times. */
function importOrder({ attribute, operator, value, path, context }: GivenOperator): Condition {
  const [op, timeOp, negated] = own(ORDER, operator) as (typeof ORDER)[string];
  const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
  if (typeof number === 'number' && Number.isFinite(number)) {
    const holdsForZero = { $lt: 0 < number, $lte: 0 <= number, $gt: 0 > number, $gte: 0 >= number }[operator];
    if (holdsForZero)
      context.warn(path, 'a missing attribute counts as 0 in GrowthBook, and as missing here');
    return { attribute, op, value: number };
  }
  if (typeof value !== 'string' || Number.isNaN(instantOf(value))) {
    throw new Unsupported(path, 'has no equivalent: an order of texts that are neither numbers nor times');
  }
  const condition: Condition = { attribute, op: timeOp, value };
  return negated ? { all: [{ attribute, op: 'exists' }, { not: condition }] } : condition;
}

function isOneOf(attribute: string, values: Json[], path: string): Condition {
  const present = values.filter((one) => one !== null);
  for (const one of present) {
    if (typeof one === 'object')
      throw new Unsupported(path, 'has no equivalent: a list or object as a value');
  }
  const [first] = present;
  const some: Condition =
    present.length === 1 && first !== undefined
      ? { attribute, op: 'equals', value: first }
      : { attribute, op: 'in', value: present };
  if (present.length === values.length) return some;
  const missing: Condition = { not: { attribute, op: 'exists' } };
  return present.length === 0 ? missing : { any: [some, missing] };
}

function equalAnyCase(attribute: string, value: Json, path: string): Condition {
  return typeof value === 'string'
    ? matches(attribute, textPattern(value), path)
    : isOneOf(attribute, [value], path);
}

function matches(attribute: string, pattern: string | undefined, path: string): Condition {
  if (pattern === undefined) throw new Unsupported(path, 'has no equivalent: this pattern in either case');
  try {
    compilePattern(pattern);
  } catch (error) {
    if (!(error instanceof PatternError)) throw error;
    throw new Unsupported(
      path,
      `has no equivalent: the pattern ${JSON.stringify(pattern)}: ${error.message}`,
    );
  }
  return { attribute, op: 'matches', value: pattern };
}

function textOf(value: Json, path: string): string {
  if (typeof value === 'string') return value;
  throw new Unsupported(path, 'expected a string');
}

function listOf(value: Json, path: string): Json[] {
  if (Array.isArray(value)) return value;
  throw new Unsupported(path, 'expected a list');
}

function own<Value>(record: { [key: string]: Value }, key: string): Value | undefined {
  return Object.hasOwn(record, key) ? record[key] : undefined;
}
