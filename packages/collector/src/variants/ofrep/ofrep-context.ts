import type { EvaluationContext } from '@millrace/core/evaluation';
import { HttpError } from '../../http/http-error.ts';
import { type Fields, isFields } from '../evaluation-request.ts';

const invalid = (field: string, expected: string): HttpError =>
  new HttpError(400, 'INVALID_CONTEXT', `expected ${field} to be ${expected}`, { field });

/**
 * OFREP's context as ours. `targetingKey` is the unit `anonymousId`, and `userId` too where the context has none; every
 * other text or number of the context is an attribute and, by its name, a unit. Throws 400 `INVALID_CONTEXT`.
 */
export function contextOfOfrep({ context }: Fields, now: number): EvaluationContext {
  if (!isFields(context)) throw invalid('context', 'an object');
  const { targetingKey, ...attributes } = context;
  if (targetingKey != null && typeof targetingKey !== 'string')
    throw invalid('context.targetingKey', 'a string');
  const named = Object.entries(attributes).filter(
    ([, value]) => typeof value === 'string' || typeof value === 'number',
  );
  const units: EvaluationContext['units'] = {
    ...(targetingKey && { anonymousId: targetingKey, userId: targetingKey }),
    ...Object.fromEntries(named as [string, string | number][]),
  };
  return { units, attributes: { ...attributes, ...(targetingKey && { targetingKey }) }, now };
}
