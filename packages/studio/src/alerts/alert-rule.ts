import Type from 'typebox';

const closed = { additionalProperties: false };
const event = Type.Optional(
  Type.String({ minLength: 1, maxLength: 1000, description: 'The name of an event. Default: all events' }),
);

const conditionSchema = Type.Union([
  Type.Object(
    {
      kind: Type.Literal('freshness'),
      event,
      minutes: Type.Number({
        exclusiveMinimum: 0,
        maximum: 525_600,
        description: 'Breached when nothing has arrived for longer',
      }),
    },
    closed,
  ),
  Type.Object(
    {
      kind: Type.Literal('volume'),
      event,
      interval: Type.Optional(Type.Enum(['hour', 'day'], { description: 'Default hour' })),
      threshold: Type.Optional(
        Type.Number({ minimum: 3, maximum: 100, description: 'Standard deviations. Default 5' }),
      ),
      direction: Type.Optional(Type.Enum(['low', 'high', 'any'], { description: 'Default any' })),
      timezone: Type.Optional(Type.String({ minLength: 1, maxLength: 100 })),
    },
    closed,
  ),
  Type.Object(
    {
      kind: Type.Literal('rejected'),
      share: Type.Number({ minimum: 0, maximum: 1, description: 'Breached above: 0.01 is one in a hundred' }),
      minutes: Type.Optional(
        Type.Integer({ minimum: 5, maximum: 10_080, description: 'How far back. Default 60' }),
      ),
      atLeast: Type.Optional(
        Type.Integer({
          minimum: 1,
          maximum: 1_000_000_000,
          description: 'With fewer events nothing is known. Default 100',
        }),
      ),
    },
    closed,
  ),
  Type.Object(
    {
      kind: Type.Literal('schema'),
      event,
      hours: Type.Optional(
        Type.Integer({
          minimum: 1,
          maximum: 168,
          description: 'So many, compared with as many before. Default 24',
        }),
      ),
    },
    closed,
  ),
  Type.Object(
    {
      kind: Type.Literal('insight'),
      insight: Type.String({ minLength: 1, maxLength: 100 }),
      question: Type.Object({}, { description: 'As POST /api/insights/<name> takes it' }),
      pointer: Type.String({
        maxLength: 300,
        pattern: '^(/[^/]*)+$',
        description: 'To a number of the answer: /result/lines/0/total',
      }),
      above: Type.Optional(Type.Number({ description: 'Breached above it' })),
      below: Type.Optional(Type.Number({ description: 'Breached below it' })),
    },
    closed,
  ),
]);

/** What `PUT /api/alerts/<name>` takes. */
export const alertRuleSchema = Type.Object(
  {
    title: Type.Optional(Type.String({ maxLength: 200 })),
    enabled: Type.Optional(Type.Boolean({ description: 'Default true' })),
    every: Type.Optional(
      Type.Integer({ minimum: 1, maximum: 1440, description: 'Minutes between two looks. Default 5' }),
    ),
    for: Type.Optional(
      Type.Integer({
        minimum: 1,
        maximum: 100,
        description: 'Fires once breached so many times in a row. Default 1',
      }),
    ),
    clear: Type.Optional(
      Type.Integer({
        minimum: 1,
        maximum: 100,
        description: 'Is over once fine so many times in a row. Default 1',
      }),
    ),
    condition: conditionSchema,
    webhook: Type.Optional(
      Type.Union([
        Type.Null(),
        Type.Object(
          {
            url: Type.Optional(Type.String({ minLength: 1, maxLength: 2000 })),
            secret: Type.Optional(
              Type.String({
                pattern: '^whsec_[A-Za-z0-9+/]{32,88}={0,2}$',
                description: 'whsec_ and 24 to 64 bytes in base64. Made at random unless given',
              }),
            ),
          },
          closed,
        ),
      ]),
    ),
  },
  closed,
);

export type AlertRuleRequest = Type.Static<typeof alertRuleSchema>;
/** A rule as it is kept: without its webhook. */
export type AlertRule = Omit<AlertRuleRequest, 'webhook'>;
export type AlertCondition = AlertRule['condition'];
