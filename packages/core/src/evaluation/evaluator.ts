import { createBucketOf } from '../bucketing.ts';
import type { Json } from '../event.ts';
import { CONTROL, DEFINITIONS_FORMAT, type Definitions, type Prerequisite } from './definitions.ts';
import {
  type Assignment,
  type EvaluationContext,
  type FlagEvaluation,
  own,
  type Reason,
} from './evaluation.ts';
import { assignVariant } from './experiment.ts';
import { resolveFlag } from './flag.ts';

/** Evaluates the flags and experiments of one document. Nothing here throws, whatever the document says. */
export interface Evaluator {
  /** Of the document; 0 where it cannot be read. */
  readonly version: number;
  /** The variant of an experiment: `control` for whoever does not take part, and the reason why. */
  assign(experiment: string, context: EvaluationContext): Assignment;
  /** The value of a flag; without one, the caller's fallback counts. */
  resolve(flag: string, context: EvaluationContext): FlagEvaluation;
}

/** How long a chain of prerequisites may be. */
const MAX_DEPTH = 10;

/** Makes an evaluator of a document that prepareDefinitions has made ready, as the collector serves it. Without one its reason is `not_ready`. */
export function createEvaluator(definitions: Definitions | undefined): Evaluator {
  const ground = { definitions: definitions as Definitions, bucketOf: createBucketOf() };
  const usable = definitions?.format === DEFINITIONS_FORMAT;
  const missing = (key: string): Reason => {
    if (usable) return definitions.remote?.includes(key) ? 'remote' : 'not_found';
    return definitions ? 'unsupported_version' : 'not_ready';
  };

  const assign = (key: string, context: EvaluationContext, depth = 0): Assignment => {
    const keepOut = (reason: Reason): Assignment => ({ experiment: key, variant: CONTROL, reason });
    try {
      const experiment = usable ? own(definitions.experiments, key) : undefined;
      if (!experiment) return keepOut(missing(key));
      const met = (): boolean => areMet(experiment.prerequisites, context, depth);
      const assignment = assignVariant(key, experiment, ground, context, met);
      return typeof assignment.variant === 'string' ? assignment : keepOut('error');
    } catch {
      return keepOut('error');
    }
  };

  const resolve = (key: string, context: EvaluationContext, depth = 0): FlagEvaluation => {
    try {
      const flag = usable ? own(definitions.flags, key) : undefined;
      if (!flag) return { flag: key, reason: missing(key) };
      const met = (): boolean => areMet(flag.prerequisites, context, depth);
      return resolveFlag(key, flag, ground, context, met, (name) => assign(name, context, depth + 1));
    } catch {
      return { flag: key, reason: 'error' };
    }
  };

  const areMet = (prerequisites: Prerequisite[] = [], context: EvaluationContext, depth: number): boolean => {
    if (depth > MAX_DEPTH) throw new Error();
    return prerequisites.every(({ flag, values, experiment, variants }) => {
      if (flag !== undefined) {
        const { value } = sound(resolve(flag, context, depth + 1));
        return values?.some((wanted) => same(wanted, value));
      }
      return variants?.includes(sound(assign(experiment as string, context, depth + 1)).variant);
    });
  };

  return {
    version: usable ? definitions.version : 0,
    assign: (key, context) => assign(key, context),
    resolve: (key, context) => resolve(key, context),
  };
}

function same(left: Json, right: Json | undefined): boolean {
  return JSON.stringify(left) === JSON.stringify(right);
}

/** A prerequisite that cannot be evaluated is neither met nor missed. */
function sound<Evaluation extends { reason: Reason }>(evaluation: Evaluation): Evaluation {
  if (evaluation.reason === 'error') throw new Error();
  return evaluation;
}
