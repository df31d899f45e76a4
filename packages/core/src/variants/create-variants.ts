import { CONTROL } from '../evaluation/definitions.ts';
import {
  type Assignment,
  type EvaluationContext,
  type FlagEvaluation,
  isExposure,
  own,
  unitOf,
} from '../evaluation/evaluation.ts';
import type { Evaluator } from '../evaluation/evaluator.ts';
import type { Evaluations } from './bootstrap.ts';
import type { AnyFlags } from './flag-types.ts';
import type { VariantDetails, Variants } from './variants.ts';

/** Where variants come from; asked anew at each call. */
export interface VariantsSource {
  /** Of the definitions; undefined while there are none. */
  evaluator(): Evaluator | undefined;
  /** What a server evaluated for this context. It counts before the evaluator, for the units that it was made for. */
  evaluations(): Evaluations | undefined;
  context(): EvaluationContext;
  /** A unit takes part in an experiment at this moment. Told at every use: what is new of it, the source knows. */
  onUse(assignment: Assignment, version: number): void;
}

/** The variants and flags of a source. */
export function createVariants<Flags extends object = AnyFlags>(source: VariantsSource): Variants<Flags> {
  const assign = (key: string): [Assignment, version: number] => {
    const context = source.context();
    const override = own(context.overrides, key);
    const evaluations = source.evaluations();
    const given = own(evaluations?.experiments, key);
    if (evaluations && given && override === undefined && isOf(context, given)) {
      return [given, evaluations.version];
    }
    const evaluator = source.evaluator();
    const found = evaluator?.assign(key, context) ?? {
      experiment: key,
      variant: CONTROL,
      reason: 'not_ready',
    };
    const isTried = isElsewhere(found) && typeof override === 'string';
    return [isTried ? { ...found, variant: override, reason: 'forced' } : found, evaluator?.version ?? 0];
  };

  const resolve = (key: string): [FlagEvaluation, version: number] => {
    const context = source.context();
    const override = own(context.overrides, key);
    const evaluations = source.evaluations();
    const given = own(evaluations?.flags, key);
    if (evaluations && given && override === undefined && isOf(context, given.assignment)) {
      return [given, evaluations.version];
    }
    const evaluator = source.evaluator();
    const found = evaluator?.resolve(key, context) ?? { flag: key, reason: 'not_ready' };
    const isTried = isElsewhere(found) && override !== undefined;
    return [isTried ? { ...found, value: override, reason: 'forced' } : found, evaluator?.version ?? 0];
  };

  const use = (assignment: Assignment | undefined, version: number): void => {
    if (assignment && isExposure(assignment)) source.onUse(assignment, version);
  };

  /** The details of a flag; undefined where there is no flag of this key. */
  const detailsOf = (key: string, fallback: unknown, isUse?: boolean): VariantDetails => {
    const [{ value = fallback, reason, assignment }, version] = resolve(key);
    // biome-ignore lint/suspicious/noDoubleEquals: null has no type either.
    const fits = fallback == undefined || typeof value === typeof fallback;
    if (isUse && fits) use(assignment, version);
    return fits
      ? { ...assignment, key, value, reason, version, isFlag: true }
      : { key, value: fallback, reason: 'wrong_type', version };
  };

  const variants = {
    getVariant(key: string): string {
      const [assignment, version] = assign(key);
      use(assignment, version);
      return assignment.variant;
    },
    getFlag: (key: string, fallback: unknown) => detailsOf(key, fallback, true).value,
    getDetails(key: string, fallback?: unknown): VariantDetails {
      const details = detailsOf(key, fallback);
      if (details.reason !== 'not_found' && !isElsewhere(details)) return details;
      const [{ payload = fallback, ...assignment }, version] = assign(key);
      return { ...assignment, key, value: payload, version };
    },
  };
  return variants as unknown as Variants<Flags>;
}

/** Whether only somebody else can say, who has not yet. */
function isElsewhere({ reason }: { reason: string }): boolean {
  return reason === 'remote' || reason === 'not_ready';
}

/** Whether it was assigned to the unit that the context has now. */
function isOf(context: EvaluationContext, assignment: Assignment | undefined): boolean {
  return !assignment?.unitType || assignment.unit === unitOf(context, assignment.unitType);
}
