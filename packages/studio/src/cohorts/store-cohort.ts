import type { CohortsAdmin } from './cohorts-admin.ts';
import type { NewCohort } from './read-new-cohort.ts';

/** How a cohort is stored. */
interface StoreOptions {
  /** Only where this version is the newest. */
  ifVersion?: number | undefined;
  /** Gives a snapshot up. */
  signal: AbortSignal;
}

/** Stores a cohort under a name, with the list that it needs, and lets go of the one that it had. */
export async function storeCohort(
  admin: CohortsAdmin,
  name: string,
  cohort: NewCohort,
  { ifVersion, signal }: StoreOptions,
): Promise<{ version: number; definition: object }> {
  const definition = await definitionOf(admin, name, cohort, signal);
  const { author, note } = cohort;
  const { version } = await admin.save({ name, definition, author, note, ifVersion });
  await admin.dropLists();
  return { version, definition };
}

/** What stands under the name: a definition as it came, or the list that was made. */
async function definitionOf(
  admin: CohortsAdmin,
  name: string,
  cohort: NewCohort,
  signal: AbortSignal,
): Promise<object> {
  if (cohort.kind === 'definition') {
    await admin.check(name, cohort.definition);
    return cohort.definition;
  }
  if (cohort.kind === 'people') {
    const { id, ids } = await admin.keepPeople(cohort.people);
    return { list: id, ids };
  }
  const { insight, question } = cohort;
  const { id, ids } = await admin.keepAnswer(insight, question, signal);
  return { list: id, ids, from: { insight, question } };
}
