import type { Parse } from './parse.ts';

/** One setting: where it is read from, how, and what it means. */
export interface Setting<T> {
  variable: string;
  /** The flag that overrides the variable, without dashes. */
  flag?: string;
  /** The value as text where neither says anything; without one the setting is then undefined. */
  fallback?: string;
  parse: Parse<T>;
  meaning: string;
  /** `all`: never shown; `password`: a URL whose password is not. */
  masked?: 'all' | 'password';
}

/** A setting that always has a value. */
export interface RequiredSetting<T> extends Setting<T> {
  fallback: string;
}

/** Says that `setting` always has a value. */
export function required<T>(setting: RequiredSetting<T>): RequiredSetting<T> {
  return setting;
}

/** Says that `setting` may have none. */
export function optional<T>(setting: Setting<T> & { fallback?: never }): Setting<T | undefined> {
  return setting;
}
