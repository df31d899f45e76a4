import Type from 'typebox';
import { Compile } from 'typebox/compile';

const nullable = <T extends Type.TSchema>(schema: T, description: string) =>
  Type.Optional(Type.Union([schema, Type.Null()], { description }));

const text = (description = 'a string') => nullable(Type.String(), description);
const id = () => nullable(Type.Union([Type.String(), Type.Number()]), 'a string');
const object = () => nullable(Type.Object({}), 'an object');

/**
 * One event as Segment's clients send it. `null` is as good as absent, and a number is taken for an
 * id, because their server libraries send both. What is inside `context` is read with tolerance by
 * the enrichment, and never refuses an event.
 */
const eventSchema = Type.Object({
  type: Type.Union(
    [
      Type.Literal('track'),
      Type.Literal('identify'),
      Type.Literal('page'),
      Type.Literal('screen'),
      Type.Literal('group'),
      Type.Literal('alias'),
    ],
    { description: 'one of track, identify, page, screen, group, alias' },
  ),
  messageId: text('a string of 1 to 128 bytes'),
  event: text(),
  name: text(),
  category: text(),
  anonymousId: id(),
  userId: id(),
  groupId: id(),
  previousId: id(),
  sessionId: id(),
  timestamp: nullable(Type.Union([Type.String(), Type.Number()]), 'an ISO 8601 time'),
  originalTimestamp: nullable(Type.Union([Type.String(), Type.Number()]), 'an ISO 8601 time'),
  sentAt: nullable(Type.Union([Type.String(), Type.Number()]), 'an ISO 8601 time'),
  properties: object(),
  traits: object(),
  context: object(),
});

/** An event whose fields have the right types; nothing else about it is known. */
export type TypedEvent = Type.Static<typeof eventSchema>;

const compiled = Compile(eventSchema);

/** Whether every field that Millrace reads has a type it can take. */
export function isTypedEvent(value: unknown): value is TypedEvent {
  return compiled.Check(value);
}

/** The first field of `value` that is wrong, and what it should have been. */
export function findTypeError(value: unknown): { field: string; expected: string } {
  const [error] = compiled.Errors(value);
  const missing = error?.keyword === 'required' ? error.params.requiredProperties[0] : undefined;
  const field = missing ?? error?.instancePath.split('/')[1] ?? '';
  const schema = (eventSchema.properties as Record<string, { description?: string }>)[field];
  return { field, expected: schema?.description ?? 'an object' };
}
