import type { EvaluationContext, StickyAssignment } from '@millrace/core/evaluation';
import { HttpError } from '../http/http-error.ts';

/** JSON of which only that it is an object is known. */
export type Fields = Readonly<Record<string, unknown>>;

/** The most keys that one request may name. */
const MAX_KEYS = 10_000;

/** Whether `value` is an object, and no list. */
export function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** A refusal of a body that names the field. */
export function malformed(field: string, expected: string): HttpError {
  return new HttpError(400, 'malformed_body', `expected ${expected}`, { field });
}

/** Whose flags `POST /v1/evaluate` asks for. Throws 400 with the field at fault. */
export function readContext(body: Fields, now: number): EvaluationContext {
  return {
    units: readUnits(body.units ?? {}),
    attributes: readFields(body.attributes ?? {}, 'attributes'),
    sticky: readSticky(body.sticky ?? {}),
    now,
  };
}

/** The keys that a body names; undefined where it names none and so means all. */
export function readKeys({ keys }: Fields): string[] | undefined {
  if (keys === undefined || keys === null) return undefined;
  const fits = Array.isArray(keys) && keys.length <= MAX_KEYS && keys.every((key) => typeof key === 'string');
  if (!fits) throw malformed('keys', `at most ${MAX_KEYS} keys of flags and experiments`);
  return keys;
}

/** An object, such as one of attributes. Throws 400 for anything else. */
export function readFields(value: unknown, field: string): Fields {
  if (isFields(value)) return value;
  throw malformed(field, 'an object');
}

function readUnits(value: unknown): EvaluationContext['units'] {
  const units = Object.entries(readFields(value, 'units')).filter(([, unit]) => unit != null);
  for (const [type, unit] of units) {
    if (typeof unit !== 'string' && typeof unit !== 'number') throw malformed(`units.${type}`, 'a string');
  }
  return Object.fromEntries(units) as EvaluationContext['units'];
}

/** What the caller's units were first given, by experiment. */
function readSticky(value: unknown): EvaluationContext['sticky'] {
  const kept = new Map<string, StickyAssignment>();
  for (const [experiment, one] of Object.entries(readFields(value, 'sticky'))) {
    if (!isFields(one) || typeof one.variant !== 'string' || typeof one.phase !== 'number') {
      throw malformed(`sticky.${experiment}`, 'a variant and the phase of that, a number');
    }
    kept.set(experiment, { variant: one.variant, phase: one.phase });
  }
  return kept.size === 0 ? undefined : (experiment) => kept.get(experiment);
}
