import 'vitest';

declare module 'vitest' {
  export interface ProvidedContext {
    /** A PostgreSQL whose user may make databases; given by scripts/services/postgres-setup.mjs. */
    databaseUrl: string;
  }
}
