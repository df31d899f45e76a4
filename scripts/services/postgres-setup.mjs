import { startPostgres } from './postgres.mjs';

/**
 * For the vitest project `postgres`: gives its tests a server, the one of DATABASE_URL or else one of their own.
 * @param {import('vitest/node').TestProject} project
 */
export default async function setup(project) {
  const given = process.env.DATABASE_URL;
  const service = given ? undefined : await startPostgres();
  project.provide('databaseUrl', given ?? service?.url ?? '');
  return () => service?.stop();
}
