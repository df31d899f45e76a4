import { Compile } from 'typebox/schema';
import { checkText } from '../document/check-text.ts';
import { type DefinitionsProblem, InvalidDefinitionsError } from '../document/definitions-problem.ts';
import type { Payload } from './payload.ts';

const object = (properties: object, required: string[] = []) => ({ type: 'object', properties, required });
const list = (items: object, rest: object = {}) => ({ type: 'array', items, ...rest });
const map = (values: object) => ({ type: 'object', additionalProperties: values });
const text = { type: 'string' };
const number = { type: 'number' };
const share = { type: 'number', minimum: 0, maximum: 1 };
const range = list(share, { minItems: 2, maxItems: 2 });

const rule = object({
  condition: { type: 'object' },
  parentConditions: list(
    object({ id: text, condition: { type: 'object' }, gate: { type: 'boolean' } }, ['id']),
  ),
  variations: list({}),
  key: text,
  seed: text,
  phase: { type: ['string', 'number'] },
  hashAttribute: text,
  coverage: number,
  weights: list({ type: 'number', minimum: 0 }),
  ranges: list(range),
  range,
  namespace: { type: 'array', prefixItems: [text, share, share], minItems: 3, maxItems: 3 },
  filters: list(object({ seed: text, ranges: list(range), attribute: text }, ['seed', 'ranges'])),
  meta: list(object({ key: text, passthrough: { type: 'boolean' } })),
  disableStickyBucketing: { type: 'boolean' },
  bucketVersion: number,
  minBucketVersion: number,
  fallbackAttribute: text,
});
const compiled = Compile(
  object(
    {
      features: map(object({ rules: list(rule) })),
      experiments: list({}),
      savedGroups: map(list({})),
    },
    ['features'],
  ),
);

/**
 * What GrowthBook's API gave, once all that is used of it is known to be of the right type. Throws an
 * InvalidDefinitionsError that names each place with a problem.
 */
export function readPayload(given: unknown): Payload {
  const problems: DefinitionsProblem[] = [];
  const report = (path: string, message: string): void => {
    problems.push({ path, message });
  };
  checkText(given, '', report);
  if (problems.length > 0) throw new InvalidDefinitionsError(problems);
  const payload = withoutNulls(given) as Partial<Payload> & { encryptedFeatures?: unknown };
  if (payload?.encryptedFeatures) {
    report(
      '/encryptedFeatures',
      'the features are encrypted: import them as GrowthBook gives them without encryption',
    );
    throw new InvalidDefinitionsError(problems);
  }
  if (!compiled.Check(payload)) {
    const [, errors] = compiled.Errors(payload);
    for (const { keyword, instancePath, message } of errors) {
      // Of a map with a wrong value; the value's own place is named as well.
      if (keyword !== 'additionalProperties') report(instancePath, message);
    }
    throw new InvalidDefinitionsError(problems);
  }
  return {
    ...payload,
    features: payload.features ?? {},
    experiments: payload.experiments ?? [],
    savedGroups: payload.savedGroups ?? {},
  };
}

/** A copy in which a rule's fields that are null are missing, as GrowthBook means them; null is a value only in `force`. */
function withoutNulls(given: unknown): unknown {
  if (!isRecord(given) || !isRecord(given.features)) return given;
  const clean = (record: unknown) =>
    isRecord(record)
      ? Object.fromEntries(
          Object.entries(record).filter(([name, value]) => value !== null || name === 'force'),
        )
      : record;
  const features = Object.entries(given.features).map(([key, feature]) => {
    const rules =
      isRecord(feature) && Array.isArray(feature.rules) ? { rules: feature.rules.map(clean) } : {};
    return [key, isRecord(feature) ? { ...(clean(feature) as object), ...rules } : feature];
  });
  return { ...(clean(given) as object), features: Object.fromEntries(features) };
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
