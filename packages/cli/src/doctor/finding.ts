import type { Config } from '../config/read-config.ts';
import type { DataPaths } from '../data-dir/data-paths.ts';
import type { RunFile } from '../data-dir/run-file.ts';
import type { Installation } from '../installation/installation.ts';

/** What one look found; `fix` says what to do about it. */
export interface Finding {
  severity: 'ok' | 'warning' | 'error';
  message: string;
  fix?: string;
}

/** What a check may look at. */
export interface DoctorContext {
  config: Config;
  /** Settings that are probably mistakes. */
  warnings: readonly string[];
  paths: DataPaths;
  run: RunFile | undefined;
  installation: Installation;
  now: () => number;
}

/** One thing that is looked at; never changes anything that matters. */
export interface Check {
  name: string;
  look(context: DoctorContext): Promise<Finding[]>;
}

/** All is well, in words. */
export function ok(message: string): Finding {
  return { severity: 'ok', message };
}

/** Something that may become trouble. */
export function warning(message: string, fix: string): Finding {
  return { severity: 'warning', message, fix };
}

/** Something that is wrong. */
export function problem(message: string, fix: string): Finding {
  return { severity: 'error', message, fix };
}

/** Bytes as people read them. */
export function readableBytes(bytes: number): string {
  const units = ['bytes', 'KB', 'MB', 'GB', 'TB'];
  const power = Math.min(Math.floor(Math.log2(Math.max(bytes, 1)) / 10), units.length - 1);
  const value = bytes / 1024 ** power;
  return `${power === 0 || value >= 100 ? Math.round(value) : value.toFixed(1)} ${units[power]}`;
}
