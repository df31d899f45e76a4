export { type AccessOptions, createGuard } from './access/guard.ts';
export type { AlertsAdmin, AlertsQueue } from './alerts/alerts-admin.ts';
export { type AlertAccess, putAlert, testAlert } from './alerts/change-alert.ts';
export { type RunAlertsOptions, runAlerts } from './alerts/run-alerts.ts';
export type { CohortsAdmin } from './cohorts/cohorts-admin.ts';
export { type NewCohort, readNewCohort } from './cohorts/read-new-cohort.ts';
export { storeCohort } from './cohorts/store-cohort.ts';
export type { DefinitionsAdmin } from './definitions/definitions-admin.ts';
export { FieldError } from './definitions/read-request.ts';
export type { AskInsight } from './insights/insights-route.ts';
export { createLiveWarehouse } from './live/create-live-warehouse.ts';
export type {
  EventCount,
  Latency,
  LiveEvent,
  LiveFigures,
  LiveMessage,
  LiveTotals,
  SecondCount,
} from './live/live-message.ts';
export type { LiveWarehouse } from './live/live-warehouse.ts';
export type { PeopleAdmin } from './people/people-admin.ts';
export { MAX_SQL_BYTES, type RunSql, type SqlAnswer } from './sql/sql-route.ts';
export { createStudio, type StudioDeps, type StudioInfo } from './studio.ts';
