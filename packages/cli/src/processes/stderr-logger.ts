import type { Logger } from '@millrace/collector';

/** Writes each message as one line of JSON to standard error, which the supervisor keeps in `logs/`. */
export function stderrLogger(process_: string): Logger {
  const write = (level: string) => (message: string, fields?: Record<string, unknown>) => {
    const line = { time: new Date().toISOString(), level, process: process_, message, ...fields };
    process.stderr.write(`${JSON.stringify(line)}\n`);
  };
  return { info: write('info'), warn: write('warn'), error: write('error') };
}
