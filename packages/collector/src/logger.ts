/** Where a process of Millrace says what happened: a sentence, and fields for a machine. */
export interface Logger {
  info(message: string, fields?: Record<string, unknown>): void;
  warn(message: string, fields?: Record<string, unknown>): void;
  error(message: string, fields?: Record<string, unknown>): void;
}

/** A logger that says nothing, for tests. */
export const silentLogger: Logger = { info() {}, warn() {}, error() {} };
