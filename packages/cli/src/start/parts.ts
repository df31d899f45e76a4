import { CommandError, UsageError } from '../command.ts';
import type { Config } from '../config/read-config.ts';

/** What can run by itself: takes events; shows pages and answers /sql; loads events into ClickHouse. */
export const PARTS = ['collector', 'studio', 'loader'] as const;
export type Part = (typeof PARTS)[number];

/** The parts of `--only`, in their order; undefined where all are wanted. Throws `UsageError`. */
export function parseParts(text: string | undefined): Part[] | undefined {
  if (text === undefined) return undefined;
  const names = text.split(',').map((name) => name.trim());
  const unknown = names.find((name) => !PARTS.some((part) => part === name));
  if (unknown !== undefined) {
    throw new UsageError(`--only ${unknown}: expected some of ${PARTS.join(', ')}, with commas between`);
  }
  return PARTS.filter((part) => names.includes(part));
}

/** Rejects a start of single parts over engines that only a whole start brings along. */
export function requireEngines(config: Config): void {
  const lacking = [
    ...(config.clickhouseUrl ? [] : ['CLICKHOUSE_URL']),
    ...(config.databaseUrl ? [] : ['DATABASE_URL']),
  ];
  if (lacking.length === 0) return;
  throw new CommandError(
    `--only needs ${lacking.join(' and ')}: the embedded engines run only where everything runs`,
  );
}
