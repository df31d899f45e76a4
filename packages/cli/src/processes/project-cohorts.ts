import type { CohortStore, StoredCohort } from '@millrace/definitions';
import type { CohortsAdmin } from '@millrace/studio';
import {
  checkCohort,
  dropCohortLists,
  type FindCohort,
  snapshotPeople,
  type WarehouseClient,
  writeCohortList,
} from '@millrace/warehouse-schema';

/** The stored cohorts of a project: definitions in one place, the people of lists in ClickHouse. `client` may insert. */
export function projectCohorts(
  projectId: number,
  store: CohortStore,
  client: WarehouseClient,
): CohortsAdmin & { find: FindCohort } {
  const find: FindCohort = async (name) => (await store.read({ projectId, name }))?.definition ?? undefined;
  return {
    find,
    list: () => store.list(projectId),
    read: (name, version) => store.read({ projectId, name, version }),
    history: (name) => store.history({ projectId, name }),
    save: (cohort) => store.save({ projectId, ...cohort }),
    check: (name, definition) => checkCohort(name, definition, find),
    keepPeople: (ids) => writeCohortList(client, projectId, ids),
    keepAnswer: (insight, question, signal) =>
      snapshotPeople({ client, projectId, findCohort: find, signal }, insight, question),
    dropLists: async () => dropCohortLists(client, projectId, (await store.list(projectId)).flatMap(listOf)),
  };
}

function listOf({ definition }: StoredCohort): string[] {
  return definition && 'list' in definition ? [String(definition.list)] : [];
}
