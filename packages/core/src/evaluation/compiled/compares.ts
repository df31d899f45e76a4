import type { CompareByRule } from './compare-by-rule.ts';

/** Whether a word of a term holds for one value of an attribute. What is not of the kind holds for no word. */
// biome-ignore-start lint/suspicious/noExplicitAny: they are what the compiler wrote for the word.
export function compares(
  word: string,
  value: any,
  given: any,
  kind?: string,
  compareByRule?: CompareByRule,
): unknown {
  // biome-ignore-end lint/suspicious/noExplicitAny: as above.
  if (word === 'rule') return (compareByRule as CompareByRule)(value, given, kind as string);
  if (kind && typeof value !== kind) return false;
  switch (word) {
    case 'exists':
      return value !== undefined && value !== null;
    case 'in':
      return given.includes(value);
    case '<':
      return value < given;
    case '>':
      return value > given;
    default:
      // A method of texts: includes, startsWith, endsWith.
      return value[word](given);
  }
}
