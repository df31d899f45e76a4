import {
  type Assignment,
  type EvaluationContext,
  type FlagEvaluation,
  isExposure,
  own,
  unitOf,
} from '../evaluation/evaluation.ts';
import type { Evaluator } from '../evaluation/evaluator.ts';
import type { Json } from '../event.ts';
import type { Evaluations } from './bootstrap.ts';
import type { AnyFlags } from './flag-types.ts';
import type { VariantDetails, Variants } from './variants.ts';

/** Where variants come from; asked anew at each call. */
export interface VariantsSource {
  /** Of the definitions; where there are none, one whose reason is `not_ready`. */
  evaluator(): Evaluator;
  /**
   * What servers have evaluated, for the units alone that it was made for: it says what the evaluator cannot, and what the
   * evaluator can say too while `isSame`, for definitions that are no newer.
   */
  evaluations(): (Evaluations | undefined)[];
  /** Whether the context is still the one that the evaluations were made for, and nothing was set by hand. */
  isSame(): boolean;
  context(): EvaluationContext;
  /** A unit takes part in an experiment at this moment. Told at every use: what is new of it, the source knows. */
  onUse(assignment: Assignment, version: number): void;
}

/** What a flag or an experiment gives. */
type Found = Partial<FlagEvaluation> & Assignment;

/** The variants and flags of a source. */
export function createVariants<Flags extends object = AnyFlags>(source: VariantsSource): Variants<Flags> {
  /** What a key gives, and by which version of the definitions. */
  const look = (key: string, isFlag: boolean): [found: Found, version: number] => {
    const context = source.context();
    const evaluator = source.evaluator();
    const found = evaluator[isFlag ? 'resolve' : 'assign'](key, context) as Found;
    const isOpen = isElsewhere(found);
    const forced = isOpen && force(found, isFlag, own(context.overrides, key));
    if (forced) return [forced, evaluator.version];
    for (const evaluations of source.evaluations()) {
      const given = evaluations && givenOf(evaluations, key, isFlag, context);
      const isKnown = isOpen || (source.isSame() && evaluations && evaluations.version >= evaluator.version);
      if (given && isKnown) return [given, evaluations.version];
    }
    return [found, evaluator.version];
  };

  const detailsOf = (key: string, fallback: unknown, isFlag: boolean, isUse?: boolean): VariantDetails => {
    const [found, version] = look(key, isFlag);
    const assignment = isFlag ? found.assignment : found;
    const value = (isFlag ? found.value : found.payload) ?? fallback;
    // biome-ignore lint/suspicious/noDoubleEquals: null has no type either.
    if (isFlag && fallback != undefined && typeof value !== typeof fallback) {
      return { key, value: fallback, reason: 'wrong_type', version };
    }
    if (isUse && assignment && isExposure(assignment)) source.onUse(assignment, version);
    return { ...assignment, key, value, reason: found.reason, version, isFlag };
  };

  const variants = {
    getVariant: (key: string) => detailsOf(key, undefined, false, true).variant,
    getFlag: (key: string, fallback: unknown) => detailsOf(key, fallback, true, true).value,
    getDetails(key: string, fallback?: unknown): VariantDetails {
      const details = detailsOf(key, fallback, true);
      return details.reason === 'not_found' || isElsewhere(details)
        ? detailsOf(key, fallback, false)
        : details;
    },
  };
  return variants as unknown as Variants<Flags>;
}

/** Whether only somebody else can say, who has not yet. */
function isElsewhere({ reason }: { reason: string }): boolean {
  return reason === 'remote' || reason === 'not_ready';
}

/** What was evaluated for the unit that the context has now. */
function givenOf(
  { flags, experiments }: Evaluations,
  key: string,
  isFlag: boolean,
  context: EvaluationContext,
): Found | undefined {
  const given = own<unknown>(isFlag ? flags : experiments, key) as Found | undefined;
  const { unitType, unit } = (isFlag ? given?.assignment : given) ?? {};
  return !unitType || unit === unitOf(context, unitType) ? given : undefined;
}

/** What was set by hand, as what a key gives; nothing where nothing that fits was. */
function force(found: Found, isFlag: boolean, override: Json | undefined): Found | undefined {
  if (isFlag) return override === undefined ? undefined : { ...found, value: override, reason: 'forced' };
  return typeof override === 'string' ? { ...found, variant: override, reason: 'forced' } : undefined;
}
