export { type FollowActivityOptions, followActivity } from './activity/follow-activity.ts';
export { BackfillError } from './backfill/backfill-error.ts';
export { unfilledRollups } from './backfill/backfill-notes.ts';
export { backfillPending } from './backfill/backfill-pending.ts';
export {
  type BackfillOptions,
  type BackfillProgress,
  type BackfillReport,
  backfillRollup,
} from './backfill/backfill-rollup.ts';
export type { Follower } from './background/follow.ts';
export { checkWarehouse, type Finding } from './check/check-warehouse.ts';
export * from './client.ts';
export { DATABASE } from './database.ts';
export { createDictionaries, reloadDictionaries } from './dictionaries/create-dictionaries.ts';
export * from './embedded/embedded-errors.ts';
export { findEmbeddedLibrary } from './embedded/find-library.ts';
export * from './embedded/start-embedded-click-house.ts';
export { ADMIN_USER, READER_USER } from './embedded/write-config.ts';
export {
  type ActiveUsersQuestion,
  type ActiveUsersResult,
  runActiveUsers,
} from './insights/active-users/active-users.ts';
export { runAttribution } from './insights/attribution/attribution.ts';
export type { AttributionQuestion } from './insights/attribution/attribution-question.ts';
export type { AttributionResult } from './insights/attribution/attribution-result.ts';
export { checkCohort } from './insights/cohorts/check-cohort.ts';
export {
  type CohortList,
  dropCohortLists,
  snapshotPeople,
  writeCohortList,
} from './insights/cohorts/cohort-lists.ts';
export {
  type CohortPeopleQuestion,
  type CohortPeopleResult,
  runCohortPeople,
} from './insights/cohorts/cohort-people.ts';
export { cohortSchema } from './insights/cohorts/cohort-schema.ts';
export type { FindCohort } from './insights/cohorts/read-cohort.ts';
export {
  type Correlate,
  type CorrelationResult,
  runFunnelCorrelation,
} from './insights/correlation/correlation.ts';
export type { CorrelationQuestion } from './insights/correlation/correlation-question.ts';
export { type DataQualityResult, runDataQuality } from './insights/data-quality/data-quality.ts';
export type { DataQualityQuestion } from './insights/data-quality/data-quality-question.ts';
export { type FunnelPeopleResult, runFunnelPeople } from './insights/funnels/funnel-people.ts';
export type { FunnelPeopleQuestion, FunnelsQuestion } from './insights/funnels/funnel-question.ts';
export type { FunnelsResult } from './insights/funnels/funnel-result.ts';
export { runFunnels } from './insights/funnels/funnels.ts';
export type { Answer, Freshness, Notice } from './insights/insight.ts';
export type { InsightAccess } from './insights/insight-access.ts';
export { InsightError, type InsightErrorCode } from './insights/insight-error.ts';
export { askInsight, INSIGHTS } from './insights/insights.ts';
export { runJourneys } from './insights/journeys/journeys.ts';
export type { JourneysQuestion } from './insights/journeys/journeys-question.ts';
export type { JourneysResult } from './insights/journeys/journeys-result.ts';
export {
  type LifecycleQuestion,
  type LifecycleResult,
  runLifecycle,
} from './insights/lifecycle/lifecycle.ts';
export { type LiveQuestion, type LiveResult, runLive } from './insights/live/live.ts';
export { readQuestion } from './insights/question/read-question.ts';
export { type RetentionResult, runRetention } from './insights/retention/retention.ts';
export type { RetentionQuestion } from './insights/retention/retention-question.ts';
export { type LtvQuestion, type LtvResult, runLtv } from './insights/revenue/ltv.ts';
export { type RevenueQuestion, type RevenueResult, runRevenue } from './insights/revenue/revenue.ts';
export {
  runSessions,
  type SessionsQuestion,
  type SessionsResult,
} from './insights/sessions/sessions.ts';
export {
  runStickiness,
  type StickinessQuestion,
  type StickinessResult,
} from './insights/stickiness/stickiness.ts';
export { runTimeline, type TimelineResult } from './insights/timeline/timeline.ts';
export type { TimelineQuestion } from './insights/timeline/timeline-question.ts';
export { runTrends, type TrendsResult } from './insights/trends/trends.ts';
export type { TrendsQuestion } from './insights/trends/trends-question.ts';
export {
  createKafkaEngine,
  dropKafkaEngine,
  type KafkaEngineStatus,
  kafkaEngineStatus,
  planKafkaEngine,
} from './kafka-engine/kafka-engine.ts';
export * from './kafka-engine/kafka-engine-options.ts';
export { type MigrateOptions, type MigrationPlan, migrate, planMigrations } from './migrations/migrate.ts';
export * from './migrations/migration-error.ts';
export { MoveError } from './move/move-error.ts';
export { type MoveReport, type MoveWarehouseOptions, moveWarehouse } from './move/move-warehouse.ts';
export { type FollowPeopleOptions, followPeople } from './people/follow-people.ts';
export { createPersonDictionary } from './people/person-dictionary.ts';
export { awaitFollowers } from './privacy/await-followers.ts';
export { PersonError, type PersonErrorCode } from './privacy/deletion-error.ts';
export {
  addSuppressedIds,
  closeRequest,
  type DeletionRequest,
  type DeletionState,
  noteRequest,
  openRequest,
  openRequests,
  type RowCounts,
  readSuppressedIds,
} from './privacy/deletion-requests.ts';
export { type ExportedRow, exportPerson } from './privacy/export-person.ts';
export { awaitOldParts, settleParts } from './privacy/old-parts.ts';
export { type PersonIds, personIds } from './privacy/person-ids.ts';
export { leftOfPerson, removePerson } from './privacy/remove-person.ts';
export { suppressRejected, suppressRow } from './privacy/suppress-row.ts';
export {
  createSuppressionList,
  hashId,
  newSalt,
  type SuppressedId,
  type SuppressionList,
} from './privacy/suppression-list.ts';
export * from './queries/assignment-audit.ts';
export * from './queries/live-queries.ts';
export * from './queries/log-queries.ts';
export * from './queries/recent-events.ts';
export {
  type ChangeRetentionOptions,
  changeRetention,
  type RetentionChange,
} from './retention/change-retention.ts';
export * from './rollups/compare-rollups.ts';
export { ROLLUPS, type Rollup } from './rollups/rollups.ts';
export type { EventRow, RejectedRow, RejectReason, RowPosition } from './rows.ts';
export { type DiffOptions, diffSchema, type SchemaDiff } from './schema/diff-schema.ts';
export { describeDifference, remedyOf, type SchemaDifference } from './schema/difference.ts';
export { type PlannedStatement, planSchema, type SchemaPlan } from './schema/plan-schema.ts';
export { killQuery } from './sql/kill-query.ts';
export { type ReadOnlySqlCode, ReadOnlySqlError } from './sql/read-only-sql-error.ts';
export * from './sql/run-read-only-sql.ts';
