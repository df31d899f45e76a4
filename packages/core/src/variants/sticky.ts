import type { Assignment, StickyAssignment } from '../evaluation/evaluation.ts';
import { murmur3 } from '../murmur3.ts';

/** So long may the text be: a cookie holds 4096 bytes with its name and attributes. */
const MAX_LENGTH = 2000;

/** What `text` says that a unit was first given in an experiment; nothing where it cannot be read. */
export function readSticky(text: string, experiment: string, unit: string): StickyAssignment | undefined {
  try {
    const key = keyOf(experiment, unit);
    const [phase = '', variant = ''] = `|${text}`.split(`|${key}`)[1]?.split('|')[0]?.split(':') ?? [];
    return variant && +phase >= 0 ? { phase: +phase, variant: decodeURIComponent(variant) } : undefined;
  } catch {
    return undefined;
  }
}

/**
 * `text` with what a unit is given, in place of what it had. One text holds the units of a browser or of a person:
 * `experiment:hash of the unit:phase:variant|...`, the newest last, the oldest dropped when it grows longer than a cookie
 * allows. The unit itself is not in it, and nothing that a cookie does not take. What cannot be written changes nothing.
 */
export function writeSticky(text: string, { experiment, unit = '', phase = 0, variant }: Assignment): string {
  try {
    const key = keyOf(experiment, unit);
    const others = text.split('|').filter((entry) => entry && !entry.startsWith(key));
    const entries = [...others, `${key}${phase}:${encodeURIComponent(variant)}`];
    while (entries.join('|').length > MAX_LENGTH) entries.shift();
    return entries.join('|');
  } catch {
    return text;
  }
}

/** Throws for a name that is no well-formed text. */
function keyOf(experiment: string, unit: string): string {
  return `${encodeURIComponent(experiment)}:${murmur3(unit).toString(36)}:`;
}
