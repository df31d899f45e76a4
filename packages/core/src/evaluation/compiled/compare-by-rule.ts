import { instantOf } from '../instant.ts';
import { matchesStates, type PatternState } from '../pattern/states.ts';
import { versionKey } from '../semver.ts';
import { compares } from './compares.ts';

/** Whether a value matches, or is `<`, `>` or `in` what is given once it is read as a time or a version. */
export type CompareByRule = (value: unknown, given: unknown, rule: string) => unknown;

/** Patterns, versions and times, which most definitions do without. */
export const compareByRule: CompareByRule = (value, given, rule) => {
  if (rule === 'matches') return typeof value === 'string' && matchesStates(given as PatternState[], value);
  const [kind, word = ''] = rule.split(' ');
  // No comparison holds with NaN or undefined.
  const read = kind === 'time' ? instantOf(value) : typeof value === 'string' ? versionKey(value) : undefined;
  return compares(word, read, given);
};
