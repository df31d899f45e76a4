import { readClock } from '../scope.ts';
import { type FindCohort, readCohort } from './read-cohort.ts';

/**
 * Checks a cohort before it is stored under a name.
 * @throws InsightError that names the field, also where it would be made of itself.
 */
export async function checkCohort(name: string, definition: unknown, find: FindCohort): Promise<void> {
  const clock = readClock({ range: 'today' }, Date.now());
  // The name means what is to be stored, and no longer what is.
  const findNew: FindCohort = async (one) => (one === name ? definition : find(one));
  await readCohort(definition, '/definition', { clock, find: findNew });
}
