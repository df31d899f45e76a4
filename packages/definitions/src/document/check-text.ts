import { wellFormedString } from '@millrace/core';
import { member, type Report } from './definitions-problem.ts';

/** How deep a document may nest: every reader of it walks down. */
const MAX_DEPTH = 100;

/** Notes text that cannot be stored or hashed alike everywhere (NUL, half a surrogate pair), and what nests too deep. */
export function checkText(value: unknown, path: string, report: Report, depth = 0): void {
  if (typeof value === 'string') {
    if (value.includes('\0')) report(path, 'must not have the character U+0000');
    if (wellFormedString(value) !== value)
      report(path, 'must be well-formed Unicode: half a surrogate pair stands alone');
    return;
  }
  if (typeof value !== 'object' || value === null) return;
  if (depth > MAX_DEPTH) {
    report(path, `must not nest deeper than ${MAX_DEPTH} levels`);
    return;
  }
  for (const [key, inner] of Object.entries(value)) {
    const at = member(path, key);
    checkText(key, at, report, MAX_DEPTH);
    checkText(inner, at, report, depth + 1);
  }
}
