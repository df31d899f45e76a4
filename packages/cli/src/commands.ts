import type { Command } from './command.ts';

/** Every subcommand, in the order of `--help`; each is loaded when it is asked for. */
export const COMMANDS: Readonly<Record<string, () => Promise<Command>>> = {
  start: async () => (await import('./commands/start.ts')).start,
  stop: async () => (await import('./commands/stop.ts')).stop,
  config: async () => (await import('./commands/config.ts')).config,
  key: async () => (await import('./commands/key.ts')).key,
  project: async () => (await import('./commands/project.ts')).project,
  demo: async () => (await import('./commands/demo.ts')).demo,
  sql: async () => (await import('./commands/sql.ts')).sql,
  doctor: async () => (await import('./commands/doctor.ts')).doctor,
  migrate: async () => (await import('./commands/migrate.ts')).migrate,
  schema: async () => (await import('./commands/schema.ts')).schema,
  backfill: async () => (await import('./commands/backfill.ts')).backfill,
  'kafka-engine': async () => (await import('./commands/kafka-engine.ts')).kafkaEngine,
  definitions: async () => (await import('./commands/definitions.ts')).definitions,
  cohort: async () => (await import('./commands/cohort.ts')).cohort,
  alert: async () => (await import('./commands/alert.ts')).alert,
  warehouse: async () => (await import('./commands/warehouse.ts')).warehouse,
  reconcile: async () => (await import('./commands/reconcile.ts')).reconcile,
  person: async () => (await import('./commands/person.ts')).person,
};
