import type { Assignment } from '../evaluation/evaluation.ts';
import type { JsonObject } from '../event.ts';

/** The track event that says that a unit takes part in an experiment. */
export const EXPOSURE_EVENT = '$exposure';

/**
 * The properties of the event. The warehouse recomputes the variant from them and from the definitions. Only exposures of
 * the environment `production` count there; others name theirs.
 */
export function exposureProperties(
  assignment: Assignment,
  definitionsVersion: number,
  environment?: string,
): JsonObject {
  const { payload, sticky, ...said } = assignment;
  // JSON leaves out what is undefined.
  return {
    ...said,
    definitionsVersion,
    environment: environment === 'production' ? undefined : environment,
  } as JsonObject;
}

/** The same for what is one exposure: of a session, to one variant in one phase. */
export function exposureKey({ experiment, phase, unit, variant }: Assignment, session: string): string {
  return JSON.stringify([session, experiment, phase, unit, variant]);
}

/**
 * Says of each key whether it is new, by the last `max` of them: one that was forgotten is new again, which costs an
 * event and changes no result, since the first exposure counts.
 */
export function createExposureFilter(max: number, known: Iterable<string> = []): (key: string) => boolean {
  const seen = new Set(known);
  return (key) => {
    if (seen.has(key)) return false;
    seen.add(key);
    for (const oldest of seen) {
      if (seen.size <= max) break;
      seen.delete(oldest);
    }
    return true;
  };
}
