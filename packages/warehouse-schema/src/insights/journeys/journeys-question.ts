import Type from 'typebox';
import {
  durationMs,
  durationSchema,
  eventChoiceSchema,
  questionFields,
} from '../question/question-schema.ts';

const closed = { additionalProperties: false };

const name = Type.String({
  minLength: 1,
  maxLength: 1000,
  description: 'A name, in which * stands for any text: /products/*',
});
const names = (description: string) =>
  Type.Optional(Type.Union([name, Type.Array(name, { minItems: 1, maxItems: 50 })], { description }));

export const journeysSchema = Type.Object(
  {
    ...questionFields,
    by: Type.Optional(
      Type.Enum(['event', 'path'], {
        description: 'event (default): every event is a step. path: every page view is one, by its path',
      }),
    ),
    within: Type.Optional(
      Type.Union([Type.Literal('session'), durationSchema], {
        description: 'session (default), or the time that a person’s journey may take',
      }),
    ),
    start: names('Journeys begin at the first such step; those without one are left out'),
    end: names('Journeys end at the first such step; those without one are left out'),
    exclude: names('What is no step'),
    group: names('Steps that such a name fits are one, under it; of several, the first that fits'),
    collapse: Type.Optional(
      Type.Boolean({ description: 'Whether a step that repeats the one before is left out. Default true' }),
    ),
    steps: Type.Optional(
      Type.Integer({ minimum: 2, maximum: 20, description: 'How many are shown. Default 5' }),
    ),
    top: Type.Optional(
      Type.Integer({
        minimum: 1,
        maximum: 100,
        description: 'Steps that stand apart at a level. Default 10',
      }),
    ),
    paths: Type.Optional(
      Type.Integer({ minimum: 0, maximum: 100, description: 'Whole paths that are listed. Default 10' }),
    ),
    conversion: Type.Optional(
      Type.Object(eventChoiceSchema.properties, {
        ...closed,
        description: 'What a journey is to lead to: adds steps and time to it, and revenue',
      }),
    ),
  },
  closed,
);

export type JourneysQuestion = Type.Static<typeof journeysSchema>;

/** The question with its defaults. */
export function readJourneys(question: JourneysQuestion) {
  const { by = 'event', within = 'session', collapse = true, steps = 5, top = 10, paths = 10 } = question;
  const list = (value: string | string[] | undefined) => (value === undefined ? [] : [value].flat());
  return {
    by,
    /** Milliseconds; undefined: by session. */
    windowMs: within === 'session' ? undefined : durationMs(within),
    start: list(question.start),
    end: list(question.end),
    exclude: list(question.exclude),
    group: list(question.group),
    /** With an end alone, journeys are told from there: its level is 0, the one before -1. */
    backward: question.end !== undefined && question.start === undefined,
    collapse,
    steps,
    top,
    paths,
    conversion: question.conversion,
  };
}

export type ReadJourneys = ReturnType<typeof readJourneys>;
