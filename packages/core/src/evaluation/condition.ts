import type { Json } from '../event.ts';
import type { Condition, Operator } from './definitions.ts';
import { own } from './evaluation.ts';
import { instantOf } from './instant.ts';
import { matchesStates, type PatternState } from './pattern/states.ts';
import { compareSemver } from './semver.ts';

/** What conditions are asked about. */
export interface Subject {
  attribute(name: string): unknown;
  segments?: { [key: string]: Condition } | undefined;
}

/** How deep conditions and segments may nest. */
const MAX_DEPTH = 50;

/** Whether a condition holds. Throws where it cannot be understood, as when segments go in a circle. */
export function holds(condition: Condition, subject: Subject, depth = 0): boolean {
  if (depth > MAX_DEPTH) throw new Error();
  const inner = (condition: Condition): boolean => holds(condition, subject, depth + 1);
  if ('all' in condition) return condition.all.every(inner);
  if ('any' in condition) return condition.any.some(inner);
  if ('not' in condition) return !inner(condition.not);
  if ('segment' in condition) return inner(own(subject.segments, condition.segment) as Condition);
  const { attribute, op, value, states } = condition;
  const found = subject.attribute(attribute);
  const test = (one: unknown): boolean => compare(op, one, value, states);
  return Array.isArray(found) ? found.some(test) : test(found);
}

function compare(op: Operator, found: unknown, given: Json | undefined, states?: PatternState[]): boolean {
  switch (op) {
    case 'exists':
      return found !== undefined && found !== null;
    case 'equals':
      return found === given;
    case 'in':
      return (given as unknown[]).includes(found);
    case 'before':
      return inOrder('lt', instantOf(found) - instantOf(given));
    case 'after':
      return inOrder('gt', instantOf(found) - instantOf(given));
    default:
      if (typeof found === 'number') return inOrder(op, found - Number(given));
      return typeof found === 'string' && compareText(op, found, String(given), states);
  }
}

function compareText(op: string, found: string, given: string, states?: PatternState[]): boolean {
  switch (op) {
    case 'contains':
      return found.includes(given);
    case 'startsWith':
      return found.startsWith(given);
    case 'endsWith':
      return found.endsWith(given);
    case 'matches':
      return matchesStates(states as PatternState[], found);
    default:
      return op.startsWith('semver') && inOrder(op.slice(6).toLowerCase(), compareSemver(found, given));
  }
}

/** The signs that a difference may have. */
const ORDERS: { [op: string]: number[] } = { eq: [0], lt: [-1], lte: [-1, 0], gt: [1], gte: [0, 1] };

function inOrder(op: string, difference: number): boolean {
  return !!own(ORDERS, op)?.includes(Math.sign(difference));
}
