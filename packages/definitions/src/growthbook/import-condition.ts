import type { Json } from '@millrace/core';
import type { Condition } from '@millrace/core/evaluation';
import { member } from '../document/definitions-problem.ts';
import { importOperator } from './import-operator.ts';
import { Unsupported } from './unsupported.ts';

/** What conditions are read against. */
export interface ConditionContext {
  /** What an attribute of GrowthBook's is called here. */
  attribute(name: string, path: string): string;
  /** The segment of a saved group's members by an attribute. */
  segment(group: string, attribute: string, path: string): Condition;
  /** Notes what is not quite the same. */
  warn(path: string, message: string): void;
}

/** Whom a condition holds for that nobody can meet. */
export const NOBODY: Condition = { any: [] };

/** Evaluators follow conditions to a depth of 50, and some of these become two levels. */
const MAX_DEPTH = 16;

/** A condition in GrowthBook's syntax, which is MongoDB's, as one of the document's. Throws `Unsupported`. */
export function importCondition(given: Json, path: string, context: ConditionContext, depth = 0): Condition {
  if (depth > MAX_DEPTH) throw new Unsupported(path, `nests deeper than ${MAX_DEPTH} levels`);
  if (typeof given !== 'object' || given === null || Array.isArray(given)) {
    throw new Unsupported(path, 'is no condition: expected an object');
  }
  const inner = (one: Json, at: string) => importCondition(one, at, context, depth + 1);
  const parts = Object.entries(given).map(([name, value]): Condition => {
    const at = member(path, name);
    switch (name) {
      case '$and':
        return { all: listOf(value, at).map((one, i) => inner(one, member(at, i))) };
      case '$or':
      case '$nor': {
        const some = listOf(value, at).map((one, i) => inner(one, member(at, i)));
        // An empty $or holds in GrowthBook.
        const any: Condition = some.length > 0 ? { any: some } : { all: [] };
        return name === '$or' ? any : { not: any };
      }
      case '$not':
        return { not: inner(value, at) };
      default:
        if (name.startsWith('$') || name === '') throw new Unsupported(at, `has no equivalent: ${name}`);
        return importValue(context.attribute(name, at), value, at, context, depth + 1);
    }
  });
  return all(parts);
}

/** What an attribute must be: a value, or operators that must all hold. */
function importValue(
  attribute: string,
  given: Json,
  path: string,
  context: ConditionContext,
  depth: number,
): Condition {
  if (depth > MAX_DEPTH) throw new Unsupported(path, `nests deeper than ${MAX_DEPTH} levels`);
  if (given === null) return { not: { attribute, op: 'exists' } };
  if (typeof given === 'boolean') return { attribute, op: 'equals', value: given };
  if (typeof given === 'string') return equalText(attribute, given);
  if (typeof given === 'number') {
    if (given === 0) context.warn(path, 'a missing attribute counts as 0 in GrowthBook, and as missing here');
    return { attribute, op: 'in', value: [given, String(given)] };
  }
  const operators = Array.isArray(given) ? [] : Object.entries(given);
  if (operators.length === 0 || operators.some(([name]) => !name.startsWith('$'))) {
    throw new Unsupported(path, 'has no equivalent: an attribute that is a whole list or object');
  }
  return all(
    operators.map(([name, value]) => {
      const at = member(path, name);
      const again = (one: Json) => importValue(attribute, one, at, context, depth + 1);
      if (name === '$not') return { not: again(value) };
      if (name === '$elemMatch') {
        const isOne =
          typeof value === 'object' &&
          value !== null &&
          Object.keys(value).length === 1 &&
          !('$elemMatch' in value);
        if (isOne) return again(value);
        throw new Unsupported(at, 'has no equivalent: several conditions on the same element of a list');
      }
      return importOperator({ attribute, operator: name, value, path: at, context, again });
    }),
  );
}

/** GrowthBook compares with the attribute's text. */
function equalText(attribute: string, text: string): Condition {
  const number = Number(text);
  if (text !== '' && String(number) === text) return { attribute, op: 'in', value: [text, number] };
  if (text === 'true' || text === 'false') return { attribute, op: 'in', value: [text, text === 'true'] };
  return { attribute, op: 'equals', value: text };
}

function all(parts: Condition[]): Condition {
  const [first] = parts;
  return first && parts.length === 1 ? first : { all: parts };
}

function listOf(value: Json, path: string): Json[] {
  if (Array.isArray(value)) return value;
  throw new Unsupported(path, 'expected a list of conditions');
}
