const ref = (name: string) => ({ $ref: `#/$defs/${name}` });
const listOf = (items: object, rest: object = {}) => ({ type: 'array', items, ...rest });
const mapOf = (values: object, names: object = ref('key')) => ({
  type: 'object',
  propertyNames: names,
  additionalProperties: values,
});
const closed = (properties: object, required: string[] = [], rest: object = {}) => ({
  type: 'object',
  properties,
  required,
  additionalProperties: false,
  ...rest,
});

const bucket = { type: 'integer', minimum: 0, maximum: 10_000 };
const range = { start: bucket, end: bucket };
const schedule = { startsAt: ref('instant'), endsAt: ref('instant') };
const traffic = {
  ...range,
  ramp: listOf(closed({ at: ref('instant'), end: bucket }, ['at', 'end']), {
    description: 'From a time on, another end of the range: nobody moves who stays within it.',
  }),
};
const ids = { type: 'string', minLength: 1, maxLength: 64 };

/**
 * JSON Schema (2020-12) of a definitions document as people write it; `spec/definitions.schema.json` is the same for
 * other languages. What a schema cannot say, validateDefinitions checks.
 */
export const definitionsSchema = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  title: 'Millrace definitions',
  ...closed(
    {
      format: { const: 1 },
      version: { type: 'integer', minimum: 0 },
      environment: ids,
      flags: mapOf(ref('flag')),
      experiments: mapOf(ref('experiment')),
      layers: mapOf(closed({ salt: ref('salt'), unitType: ids }, ['salt'])),
      holdouts: mapOf(closed({ ...range, salt: ref('salt'), unitType: ids }, ['start', 'end', 'salt'])),
      segments: mapOf(ref('condition')),
      attributes: mapOf(closed({ serverOnly: { type: 'boolean' } }), { minLength: 1, maxLength: 128 }),
      remote: listOf({ type: 'string' }),
    },
    ['format', 'version', 'flags', 'experiments'],
  ),
  $defs: {
    key: { type: 'string', pattern: '^[a-z0-9][a-z0-9_-]{0,63}$' },
    variant: { type: 'string', minLength: 1, maxLength: 64 },
    salt: {
      type: 'string',
      minLength: 1,
      maxLength: 64,
      pattern: '^[^:]*$',
      description: 'Random, stored, never changed; without a colon, which stands between salt and unit.',
    },
    instant: {
      type: 'string',
      pattern: '^\\d{4}-\\d\\d-\\d\\d(T\\d\\d:\\d\\d(:\\d\\d(\\.\\d{1,9})?)?(Z|[+-]\\d\\d:\\d\\d))?$',
      description: 'ISO 8601 with its zone; a date alone is midnight UTC.',
    },
    range: closed(range, ['start', 'end']),
    condition: closed(
      {
        all: listOf(ref('condition')),
        any: listOf(ref('condition')),
        not: ref('condition'),
        segment: { type: 'string' },
        attribute: { type: 'string', minLength: 1 },
        op: {
          enum: [
            ...['exists', 'equals', 'in', 'contains', 'startsWith', 'endsWith', 'matches'],
            ...['lt', 'lte', 'gt', 'gte', 'before', 'after'],
            ...['semverEq', 'semverLt', 'semverLte', 'semverGt', 'semverGte'],
          ],
        },
        value: {},
      },
      [],
      { description: 'One of all, any, not, segment; or attribute, op and what it is compared with, value.' },
    ),
    prerequisites: listOf(
      closed({
        flag: { type: 'string' },
        values: listOf({}, { minItems: 1 }),
        experiment: { type: 'string' },
        variants: listOf(ref('variant'), { minItems: 1 }),
      }),
    ),
    flag: closed(
      {
        type: { enum: ['boolean', 'string', 'number', 'object'] },
        enabled: { type: 'boolean', description: 'The kill switch.' },
        default: {},
        prerequisites: ref('prerequisites'),
        rules: listOf(
          closed({
            ...schedule,
            if: ref('condition'),
            rollout: closed({ ...traffic, salt: ref('salt'), unitType: ids }, ['start', 'end', 'salt']),
            value: {},
            experiment: { type: 'string' },
            values: mapOf({}, ref('variant')),
          }),
        ),
      },
      ['type', 'enabled'],
    ),
    experiment: closed(
      {
        unitType: ids,
        bucketingVersion: { type: 'integer', minimum: 1, maximum: 2 ** 31 - 1 },
        enabled: { type: 'boolean', description: 'The kill switch.' },
        forced: listOf(
          closed({ variant: ref('variant'), units: listOf({ type: 'string' }) }, ['variant', 'units']),
        ),
        prerequisites: ref('prerequisites'),
        holdouts: listOf({ type: 'string' }),
        if: ref('condition'),
        targeted: listOf(closed({ variant: ref('variant'), if: ref('condition') }, ['variant', 'if'])),
        sticky: { type: 'boolean' },
        layer: closed({ key: { type: 'string' }, ranges: listOf(ref('range'), { minItems: 1 }) }, [
          'key',
          'ranges',
        ]),
        phases: listOf(ref('phase')),
        payloads: mapOf({}, ref('variant')),
      },
      ['bucketingVersion', 'enabled', 'phases'],
    ),
    phase: closed(
      {
        ...schedule,
        number: { type: 'integer', minimum: 1, maximum: 2 ** 31 - 1 },
        trafficSalt: ref('salt'),
        variantSalt: ref('salt'),
        traffic: closed(traffic, ['start', 'end']),
        variants: listOf(closed({ ...range, variant: ref('variant') }, ['start', 'end', 'variant']), {
          minItems: 1,
        }),
        forgetSticky: { type: 'boolean' },
      },
      ['number', 'trafficSalt', 'variantSalt', 'traffic', 'variants'],
    ),
  },
};
