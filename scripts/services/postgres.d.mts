/** A PostgreSQL of a test's own. */
export interface PostgresService {
  /** Of its superuser `millrace`. */
  url: string;
  port: number;
  pid: number;
  logFile: string;
  /** Ends it by that signal, SIGKILL as a crash would; the data stays. */
  kill(signal: NodeJS.Signals): Promise<void>;
  /** Starts it again over the same data and port. */
  restart(): Promise<void>;
  /** Ends it and removes its folder. */
  stop(): Promise<void>;
}

/** Starts a real PostgreSQL on a free loopback port; `settings` are lines of postgresql.conf. */
export function startPostgres(options?: { settings?: Record<string, string> }): Promise<PostgresService>;
