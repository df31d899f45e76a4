import type { Json } from '../../event.ts';
import type { Comparison, Condition, Operator } from '../definitions.ts';
import { own } from '../evaluation.ts';
import { instantOf } from '../instant.ts';
import { compilePattern } from '../pattern/compile-pattern.ts';
import { versionKey } from '../semver.ts';
import type { Term } from './compiled.ts';

/** What holds for nobody. */
export const NEVER: Term = ['or', []];

/** What cannot be understood: in what is not there, nothing can be looked up, so whoever asks throws. */
export const FAULT: Term = ['in', ''];

/** How deep conditions and segments may nest; as evaluators of whole documents have it. */
const MAX_DEPTH = 50;

const TEXT_WORDS: { [op in Operator]?: string } = {
  contains: 'includes',
  startsWith: 'startsWith',
  endsWith: 'endsWith',
};

const ORDERS: { [order: string]: string[] } = {
  eq: ['in'],
  lt: ['<'],
  lte: ['<', 'in'],
  gt: ['>'],
  gte: ['>', 'in'],
};

/** The term of a condition; FAULT for one that nests too deep or goes in a circle. */
export function compileCondition(condition: Condition, segments: { [key: string]: Condition } = {}): Term {
  return depthOf(condition, segments) > MAX_DEPTH ? FAULT : compile(condition, segments);
}

function compile(condition: Condition, segments: { [key: string]: Condition }): Term {
  const inner = (condition: Condition): Term => compile(condition, segments);
  if ('all' in condition) return ['and', condition.all.map(inner)];
  if ('any' in condition) return ['or', condition.any.map(inner)];
  if ('not' in condition) return ['not', inner(condition.not)];
  if ('segment' in condition)
    return own(segments, condition.segment) ? ['segment', condition.segment] : FAULT;
  return compileComparison(condition);
}

function depthOf(condition: Condition, segments: { [key: string]: Condition }, depth = 0): number {
  if (depth > MAX_DEPTH) return depth;
  const inner = (condition: Condition): number => depthOf(condition, segments, depth + 1);
  if ('all' in condition) return Math.max(depth, ...condition.all.map(inner));
  if ('any' in condition) return Math.max(depth, ...condition.any.map(inner));
  if ('not' in condition) return inner(condition.not);
  const segment = 'segment' in condition && own(segments, condition.segment);
  return segment ? inner(segment) : depth;
}

/** Whether a page needs `rules` for it. */
export function needsRule({ op }: Comparison): boolean {
  return op === 'matches' || op === 'before' || op === 'after' || op.startsWith('semver');
}

function compileComparison({ attribute, op, value, states }: Comparison): Term {
  switch (op) {
    case 'exists':
      return ['exists', attribute];
    case 'equals':
      return ['in', attribute, [value ?? null]];
    case 'in':
      return Array.isArray(value) ? ['in', attribute, value] : FAULT;
    case 'contains':
    case 'startsWith':
    case 'endsWith':
      return [TEXT_WORDS[op] as string, attribute, String(value), 'string'];
    case 'matches':
      return ['rule', attribute, (states ?? compilePattern(String(value))) as Json, 'matches'];
    case 'before':
      return ordered('lt', attribute, instantOf(value), 'time');
    case 'after':
      return ordered('gt', attribute, instantOf(value), 'time');
    default: {
      const semver = op.startsWith('semver');
      return semver
        ? ordered(op.slice('semver'.length).toLowerCase(), attribute, versionKey(String(value)), 'version')
        : ordered(op, attribute, Number(value), 'number');
    }
  }
}

function ordered(order: string, attribute: string, value: number | string | undefined, kind: string): Term {
  const words = own(ORDERS, order);
  if (!words || value === undefined || Number.isNaN(value)) return NEVER;
  const terms = words.map((word): Term => {
    const given = word === 'in' ? [value] : value;
    return kind === 'number' ? [word, attribute, given, kind] : ['rule', attribute, given, `${kind} ${word}`];
  });
  return terms.length > 1 ? ['or', terms] : (terms[0] as Term);
}
