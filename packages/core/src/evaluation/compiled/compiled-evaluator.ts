import { createBucketOf } from '../../bucketing.ts';
import type { Json } from '../../event.ts';
import { CONTROL } from '../definitions.ts';
import {
  type Assignment,
  type EvaluationContext,
  type FlagEvaluation,
  isExposure,
  own,
  type Reason,
  unitOf,
} from '../evaluation.ts';
import type { Evaluator } from '../evaluator.ts';
import { readOverride } from '../flag.ts';
import type { CompareByRule } from './compare-by-rule.ts';
import { compares } from './compares.ts';
import { COMPILED_FORM, type CompiledDefinitions, type CompiledFlag, type Term } from './compiled.ts';

/** How long a chain of prerequisites may be. */
const MAX_DEPTH = 10;

/** An evaluator that knows what it cannot evaluate. */
export interface CompiledEvaluator extends Evaluator {
  /** Flags and experiments that only the collector may evaluate. */
  readonly remote: readonly string[] | undefined;
}

/**
 * Evaluates what compileDefinitions has made, as createEvaluator does the document. It is small, for pages: comparisons
 * by patterns, versions and times are left to `compareByRule`; without it, what needs them is in error. Without
 * definitions the reason is `not_ready`.
 */
export function createCompiledEvaluator(
  definitions: CompiledDefinitions | undefined,
  compareByRule?: CompareByRule | undefined,
): CompiledEvaluator {
  const bucketOf = createBucketOf();
  const {
    version = 0,
    flags,
    experiments,
    segments,
    remote,
  } = (definitions?.compiled === COMPILED_FORM ? definitions : {}) as Partial<CompiledDefinitions>;

  /** What `work` makes of the entry of a key, else `nobody` with the reason. */
  const evaluate = <Entry, Found>(
    table: { [key: string]: Entry } | undefined,
    key: string,
    nobody: Found,
    work: (entry: Entry) => Found,
  ): Found => {
    let reason: Reason = 'error';
    try {
      const entry = own(table, key);
      if (entry) return work(entry);
      reason = remote
        ? remote.includes(key)
          ? 'remote'
          : 'not_found'
        : definitions
          ? 'unsupported_version'
          : 'not_ready';
    } catch {
      // As it says.
    }
    return { ...nobody, reason };
  };

  const assign = (key: string, context: EvaluationContext, depth = 0): Assignment => {
    const nobody = { experiment: key, variant: CONTROL } as Assignment;
    return evaluate(experiments, key, nobody, ([always, phases, steps, payloads]) => {
      const of: Assignment = {
        ...nobody,
        ...always,
        phase: phases.find((term) => ask(term, context, depth))?.[3] as number | undefined,
        unit: unitOf(context, always.unitType),
      };
      for (const [term, reason] of steps) {
        const answer = ask(term, context, depth, of);
        if (answer) {
          of.reason = reason;
          if (answer !== true) of.variant = answer;
          break;
        }
      }
      return { ...of, payload: own(payloads, of.variant) };
    });
  };

  /** What decides a flag. */
  const settle = (
    [type, steps]: CompiledFlag,
    override: Json | undefined,
    context: EvaluationContext,
    depth: number,
  ): [reason: Reason, value?: Json | undefined, assignment?: Assignment] => {
    if (!steps) return ['killed'];
    if (override !== undefined) return ['forced', readOverride(override, type)];
    for (const [term, reason, experiment, values, value] of steps) {
      if (!ask(term, context, depth)) continue;
      if (!experiment) return [reason, value];
      const assignment = assign(experiment, context, depth + 1);
      const { variant, payload = value } = assignment;
      if (isExposure(assignment) || assignment.reason === 'forced') {
        return [assignment.reason, own(values, variant) ?? payload, assignment];
      }
    }
    throw 0;
  };

  const resolve = (key: string, context: EvaluationContext, depth = 0): FlagEvaluation => {
    const nobody = { flag: key } as FlagEvaluation;
    return evaluate(flags, key, nobody, (flag) => {
      const [reason, value, assignment] = settle(flag, own(context.overrides, key), context, depth);
      const fits = value === undefined || (typeof value === flag[0] && value !== null);
      return fits ? { ...nobody, reason, value, assignment } : { ...nobody, reason: 'wrong_type' };
    });
  };

  // biome-ignore lint/suspicious/noExplicitAny: terms are as the compiler writes them; with others it throws.
  const ask = (term: any, context: EvaluationContext, depth: number, of = {} as Assignment): any => {
    if (depth > MAX_DEPTH) throw 0;
    if (!Array.isArray(term)) return term;
    const [word, subject, given, last] = term;
    const inner = (term: Term): unknown => ask(term, context, depth, of);
    switch (word) {
      case 'and':
        return subject.reduce((so: unknown, term: Term) => so && inner(term), true);
      case 'or':
        return subject.some(inner);
      case 'not':
        return !inner(subject);
      case 'segment':
        return inner((segments as { [key: string]: Term })[subject] as Term);
      case 'now':
        return context.now >= subject && !(context.now >= (given ?? Number.NaN));
      case 'phase':
        return of.phase === subject;
      case 'unit':
        return subject ? subject.includes(of.unit) : of.unit;
      case 'override':
        return overrideOf(of.experiment, context);
      case 'kept':
        return keptOf(of, subject, given, context);
      case 'bucket': {
        const unit = unitOf(context, given);
        return unit && rangeOf(last, bucketOf(subject, unit));
      }
      case 'flag':
        return given.includes(JSON.stringify(sound(resolve(subject, context, depth + 1)).value));
      case 'experiment':
        return given.includes(sound(assign(subject, context, depth + 1)).variant);
      default:
        return compareAttribute(term, context);
    }
  };

  /** Of a list, one element must do. */
  const compareAttribute = (term: Term, { attributes, units }: EvaluationContext): unknown => {
    const [word, attribute, given, kind] = term as [
      word: string,
      attribute: string,
      given: Json,
      kind: string,
    ];
    const found = own(attributes, attribute) ?? own(units, attribute);
    const test = (value: unknown): unknown => compares(word, value, given, kind, compareByRule);
    return Array.isArray(found) ? found.some(test) : test(found);
  };

  return { version, remote, assign, resolve };
}

function overrideOf(experiment: string, { overrides }: EvaluationContext): unknown {
  const override = own(overrides, experiment);
  return typeof override === 'string' && override;
}

function keptOf(
  { experiment, unit }: Assignment,
  since: number,
  variants: string[],
  { sticky }: EvaluationContext,
): unknown {
  const kept = sticky?.(experiment, unit as string);
  return kept && variants.includes(kept.variant) && !(kept.phase < since) && kept.variant;
}

/** What the range says that holds the bucket. */
function rangeOf(ranges: [start: number, end: number, answer?: string][], bucket: number): unknown {
  const range = ranges.find(([start, end]) => bucket >= start && bucket < end);
  return range && (range[2] ?? true);
}

/** What cannot be evaluated is neither met nor missed. */
function sound<Evaluation extends { reason: Reason }>(evaluation: Evaluation): Evaluation {
  if (evaluation.reason === 'error') throw 0;
  return evaluation;
}
