import Type from 'typebox';
import { invalid } from '../insight-error.ts';
import { propertySql } from '../question/property.ts';
import {
  durationMs,
  durationSchema,
  type EventChoice,
  eventChoiceFields,
  eventChoiceSchema,
  propertySchema,
  questionFields,
  whereSchema,
} from '../question/question-schema.ts';
import { eventChoiceSql, whereSql } from '../question/where-sql.ts';
import { int, joinSql, param, type Sql, sql } from '../sql/sql.ts';
import { DEFAULT_CHANNELS } from './default-channels.ts';

const closed = { additionalProperties: false };
const name = Type.String({ minLength: 1, maxLength: 200 });

export const attributionSchema = Type.Object(
  {
    ...questionFields,
    conversion: Type.Object(
      { ...eventChoiceFields, property: Type.Optional(propertySchema) },
      {
        ...closed,
        description:
          'Which rows are conversions; property: what one is worth, such as revenue (missing is 0)',
      },
    ),
    touch: Type.Optional(eventChoiceSchema),
    property: Type.Optional(propertySchema),
    channels: Type.Optional(
      Type.Array(Type.Object({ name, where: whereSchema }, closed), {
        minItems: 1,
        maxItems: 50,
        description:
          'Rules that say the channel of a row; the first that takes it decides. Default: the table in docs/insights.md',
      }),
    ),
    direct: Type.Optional(
      Type.Array(name, {
        maxItems: 20,
        description: 'The channels that last non-direct passes over. Default ["direct"]',
      }),
    ),
    lookback: Type.Optional(durationSchema),
    halfLife: Type.Optional(durationSchema),
    gap: Type.Optional(
      Type.Object(
        { value: Type.Integer({ minimum: 0, maximum: 1_000_000 }), unit: durationSchema.properties.unit },
        {
          ...closed,
          description:
            'A touch that follows one of the same channel within it is one with it. Default 30 minutes',
        },
      ),
    ),
    limit: Type.Optional(
      Type.Integer({ minimum: 1, maximum: 100, description: 'How many channels stand apart. Default 20' }),
    ),
  },
  closed,
);

export type AttributionQuestion = Type.Static<typeof attributionSchema>;

/** A question as the queries need it; times in milliseconds. */
export interface AttributionPlan {
  touch: EventChoice;
  isTouch: Sql;
  isConversion: Sql;
  /** The name of a row's channel, `''` where it has none. */
  channel: Sql;
  /** Where rules say the channel: all that they name, by name, and a row's number: 0 none, from 2 on those of `names`. */
  rules?: { names: string[]; number(names: readonly string[]): Sql };
  /** What a conversion is worth, a number. */
  value: Sql;
  direct: readonly string[];
  lookbackMs: number;
  halfLifeMs: number;
  gapMs: number;
  limit: number;
}

const DAY_MS = 86_400_000;

/** @throws InsightError when fields contradict each other. */
export function planAttribution(question: AttributionQuestion): AttributionPlan {
  const { conversion, touch = { event: '$page' }, property, channels, direct = ['direct'] } = question;
  if (property !== undefined && channels !== undefined)
    throw invalid('/channels', 'go without property: rules say the channel, or a property does');
  const lookbackMs = question.lookback ? durationMs(question.lookback) : 30 * DAY_MS;
  const worth = conversion.property;
  const rules = property === undefined ? readRules(channels ?? DEFAULT_CHANNELS) : undefined;
  return {
    touch,
    isTouch: eventChoiceSql(touch, '/touch'),
    isConversion: eventChoiceSql(conversion, '/conversion'),
    channel:
      property === undefined
        ? channelSql(channels ?? DEFAULT_CHANNELS)
        : propertySql(property, '/property').text,
    ...(rules && { rules }),
    value:
      worth === undefined
        ? sql`toFloat64(0)`
        : sql`toFloat64(ifNull(${propertySql(worth, '/conversion/property').number}, 0))`,
    direct,
    lookbackMs,
    halfLifeMs: question.halfLife ? durationMs(question.halfLife) : lookbackMs / 4,
    gapMs: question.gap ? durationMs(question.gap) : 30 * 60_000,
    limit: question.limit ?? 20,
  };
}

type Rules = NonNullable<AttributionQuestion['channels']>;

function channelSql(rules: Rules): Sql {
  return firstRuleSql(rules, ({ name }) => param('channel', 'String', name), sql`''`);
}

function readRules(rules: Rules): AttributionPlan['rules'] {
  const names = [...new Set(rules.map(({ name }) => name))].sort((a, b) =>
    Buffer.compare(Buffer.from(a), Buffer.from(b)),
  );
  return {
    names,
    number: (order) =>
      firstRuleSql(rules, ({ name }) => int(order.includes(name) ? order.indexOf(name) + 2 : 0), int(0)),
  };
}

/** What the first rule that takes a row says. */
function firstRuleSql(rules: Rules, says: (rule: Rules[number]) => Sql, otherwise: Sql): Sql {
  const cases = rules.map(
    (rule, index) => sql`${whereSql(rule.where, `/channels/${index}/where`)}, ${says(rule)}`,
  );
  return sql`multiIf(${joinSql([...cases, otherwise])})`;
}
