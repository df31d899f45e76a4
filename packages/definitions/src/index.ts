export type * from './alerts/alert-records.ts';
export type { AlertStore } from './alerts/alert-store.ts';
export type { CohortPlace, CohortStore, NewCohort, StoredCohort } from './cohorts/stored-cohort.ts';
export {
  createDefinitionsDirectory,
  type DefinitionsChange,
  type DefinitionsDirectory,
  type DefinitionsDirectoryOptions,
} from './directory/definitions-directory.ts';
export { type DefinitionsProblem, InvalidDefinitionsError } from './document/definitions-problem.ts';
export { EMPTY_DEFINITIONS, formatDefinitions } from './document/format-definitions.ts';
export { validateDefinitions } from './document/validate-definitions.ts';
export {
  type EmbeddedDefinitions,
  type EmbeddedDefinitionsOptions,
  openEmbeddedDefinitions,
} from './embedded/open-embedded-definitions.ts';
export { importGrowthBook } from './growthbook/import-growthbook.ts';
export { readSnapshotDefinitions } from './history/snapshot-definitions.ts';
export {
  type CurrentDefinitions,
  type CurrentDocument,
  DEFAULT_ENVIRONMENT,
  type DefinitionsPlace,
  type DefinitionsVersion,
  type NewDefinitions,
  type StoredDefinitions,
} from './history/stored-definitions.ts';
export {
  createKeyDirectory,
  type KeyDirectory,
  type KeyDirectoryOptions,
  type KeyDirectoryStatus,
  type KeyProject,
} from './keys/key-directory.ts';
export { readSnapshotKeys } from './keys/snapshot-keys.ts';
export * from './lock/index.ts';
export { DefinitionsMigrationError } from './migrations/migrate.ts';
export { type FollowedSnapshot, followSnapshot, snapshotName } from './snapshot/follow-snapshot.ts';
export { type MovedDefinitions, moveDefinitions } from './snapshot/move-definitions.ts';
export { DefinitionsError, type DefinitionsErrorCode } from './store/definitions-error.ts';
export {
  type ActiveKey,
  type ActiveKeys,
  createDefinitionsStore,
  type DefinitionsStore,
  type KeyKind,
  type NewKey,
  type Project,
  type WriteKey,
} from './store/definitions-store.ts';
export { type FollowSuppressionsOptions, followSuppressions } from './suppressions/follow-suppressions.ts';
export { readSnapshotSuppressions } from './suppressions/snapshot-suppressions.ts';
export type { SuppressedIdRow, SuppressedIds, SuppressionStore } from './suppressions/suppression-store.ts';
