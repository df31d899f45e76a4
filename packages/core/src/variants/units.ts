import type { EvaluationContext } from '../evaluation/evaluation.ts';

/** The ids of a caller by their type; attributes that are texts or numbers serve as ids of the site's own. */
export function unitsOf(
  ids: EvaluationContext['units'],
  attributes: EvaluationContext['attributes'] = {},
): EvaluationContext['units'] {
  const own = Object.entries(attributes).filter(
    ([, value]) => typeof value === 'string' || Number.isFinite(value),
  );
  return { ...(Object.fromEntries(own) as EvaluationContext['units']), ...ids };
}
