export * from './client.ts';
export * from './database.ts';
export * from './embedded/embedded-errors.ts';
export * from './embedded/start-embedded-click-house.ts';
export { ADMIN_USER, READER_USER } from './embedded/write-config.ts';
export * from './migrations/migrate.ts';
export * from './migrations/migration-error.ts';
export type * from './rows.ts';
