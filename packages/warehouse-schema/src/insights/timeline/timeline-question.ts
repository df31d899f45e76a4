import Type from 'typebox';
import { invalid } from '../insight-error.ts';
import { questionFields } from '../question/question-schema.ts';

export const timelineSchema = Type.Object(
  {
    ...questionFields,
    person: Type.String({ minLength: 1, maxLength: 1000, description: 'Any of the person’s ids' }),
    order: Type.Optional(
      Type.Enum(['newest', 'oldest'], { description: 'Which come first. Default newest' }),
    ),
    limit: Type.Optional(
      Type.Integer({ minimum: 1, maximum: 1000, description: 'Of one page. Default 100' }),
    ),
    after: Type.Optional(
      Type.String({ minLength: 1, maxLength: 4000, description: 'The `next` of the page before' }),
    ),
  },
  { additionalProperties: false },
);

export type TimelineQuestion = Type.Static<typeof timelineSchema>;

/** The last event of a page: what follows it is the next one. */
export interface Place {
  /** Unix milliseconds. */
  time: number;
  messageId: string;
}

export function writePlace({ time, messageId }: Place): string {
  return Buffer.from(JSON.stringify([time, messageId])).toString('base64url');
}

/** @throws InsightError when it is nothing that an answer said. */
export function readPlace(text: string): Place {
  try {
    const place: unknown = JSON.parse(Buffer.from(text, 'base64url').toString());
    if (Array.isArray(place) && Number.isSafeInteger(place[0]) && typeof place[1] === 'string')
      return { time: place[0], messageId: place[1] };
  } catch {
    // Said below.
  }
  throw invalid('/after', 'expected the `next` of an answer');
}
