import type { Json } from '@millrace/core';
import {
  type Assignment,
  type EvaluationContext,
  openFeatureErrorCode,
  openFeatureReason,
  type Reason,
} from '@millrace/core/evaluation';
import type { ServedDefinitions } from '../served-definitions.ts';

/** An evaluation as OFREP words it; without `value` the caller's own default counts. */
export interface OfrepSuccess {
  key: string;
  value?: Json | undefined;
  reason: string;
  variant?: string;
  metadata: { [name: string]: string | number };
}

/** That a flag could not be evaluated. */
export interface OfrepFailure {
  key: string;
  errorCode: 'FLAG_NOT_FOUND' | 'TARGETING_KEY_MISSING' | 'GENERAL';
  errorDetails: string;
}

/** Whether it is an error. */
export function isFailure(answer: OfrepSuccess | OfrepFailure): answer is OfrepFailure {
  return 'errorCode' in answer;
}

/** Every key that OFREP's bulk evaluation answers, sorted: flags, and experiments that no flag hides. */
export function ofrepKeys({ whole }: ServedDefinitions): string[] {
  return [...new Set([...Object.keys(whole.flags), ...Object.keys(whole.experiments)])].sort();
}

/**
 * Evaluates one key. A key of an experiment that no flag has is a flag of its variant's name. The reason is OpenFeature's,
 * `metadata.reason` ours.
 */
export function answerOfrep(
  { whole, evaluator }: ServedDefinitions,
  key: string,
  context: EvaluationContext,
): OfrepSuccess | OfrepFailure {
  const isExperiment = !Object.hasOwn(whole.flags, key) && Object.hasOwn(whole.experiments, key);
  if (isExperiment) {
    const assignment = evaluator.assign(key, context);
    const { reason, variant, unitType } = assignment;
    if (reason === 'no_unit') {
      const errorDetails = `expected targetingKey or ${unitType}, the unit of the experiment`;
      return { key, errorCode: 'TARGETING_KEY_MISSING', errorDetails };
    }
    return word(key, reason, variant, assignment, evaluator.version);
  }
  const { reason, value, assignment } = evaluator.resolve(key, context);
  return word(key, reason, value, assignment, evaluator.version);
}

function word(
  key: string,
  reason: Reason,
  value: Json | undefined,
  assignment: Assignment | undefined,
  version: number,
): OfrepSuccess | OfrepFailure {
  const error = openFeatureErrorCode(reason);
  if (error === 'FLAG_NOT_FOUND') return { key, errorCode: error, errorDetails: `there is no flag ${key}` };
  if (error) return { key, errorCode: 'GENERAL', errorDetails: `the flag cannot be evaluated: ${reason}` };
  const { experiment, phase, variant } = assignment ?? {};
  return {
    key,
    ...(value !== undefined && { value }),
    reason: openFeatureReason(reason),
    ...(variant !== undefined && { variant }),
    metadata: {
      reason,
      version,
      ...(experiment !== undefined && { experiment }),
      ...(phase !== undefined && { phase }),
    },
  };
}
