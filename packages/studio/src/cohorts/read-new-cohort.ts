import { wellFormedString } from '@millrace/core';
import { FieldError } from '../definitions/read-request.ts';

/** What is to be stored: a definition, ids, or whom an insight lists. */
export type NewCohort = { author: string; note: string } & (
  | { kind: 'definition'; definition: object }
  | { kind: 'people'; people: string[] }
  | { kind: 'snapshot'; insight: string; question: unknown }
);

const MAX_ID_LENGTH = 1_000;
const KINDS = ['definition', 'people', 'snapshot'] as const;

/** The body of a PUT. @throws FieldError that names what is wrong with it. */
export function readNewCohort(text: string): NewCohort {
  const body = objectOf('body', parse(text));
  const said = { author: textOf(body, 'author', 'admin'), note: textOf(body, 'note', '') };
  const kinds = KINDS.filter((kind) => Object.hasOwn(body, kind));
  const [kind] = kinds;
  if (kind === undefined || kinds.length > 1)
    throw new FieldError('body', 'expected one of the fields definition, people, snapshot');
  if (kind === 'definition') return { ...said, kind, definition: objectOf('definition', body.definition) };
  if (kind === 'people') return { ...said, kind, people: readPeople(body.people) };
  const snapshot = objectOf('snapshot', body.snapshot);
  if (typeof snapshot.insight !== 'string') throw new FieldError('snapshot.insight', 'expected a string');
  return { ...said, kind, insight: snapshot.insight, question: snapshot.question };
}

function readPeople(value: unknown): string[] {
  if (!Array.isArray(value)) throw new FieldError('people', 'expected an array of ids');
  return value.map((id: unknown, index) => {
    if (typeof id !== 'string' || id === '' || id.length > MAX_ID_LENGTH)
      throw new FieldError(`people.${index}`, `expected an id of 1 to ${MAX_ID_LENGTH} characters`);
    return wellFormedString(id);
  });
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new FieldError('body', 'expected JSON');
  }
}

function objectOf(field: string, value: unknown): Record<string, unknown> {
  if (typeof value === 'object' && value !== null && !Array.isArray(value))
    return value as Record<string, unknown>;
  throw new FieldError(field, 'expected an object');
}

function textOf(body: Record<string, unknown>, field: string, otherwise: string): string {
  const value = Object.hasOwn(body, field) ? body[field] : otherwise;
  if (typeof value !== 'string') throw new FieldError(field, 'expected a string');
  return value;
}
