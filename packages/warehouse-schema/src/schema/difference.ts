import { HURRIED_SETTINGS } from '../privacy/old-parts.ts';

/** The dictionary that every question about people reads. */
export const PERSON_DICTIONARY = 'person_overrides';

/** One thing in which a warehouse differs from its migrations. */
export interface SchemaDifference {
  /** The table, view or dictionary. */
  object: string;
  /** What of it: `missing` and `extra` are about the whole. */
  part:
    | 'missing'
    | 'extra'
    | 'kind'
    | 'column'
    | 'column order'
    | 'index'
    | 'projection'
    | 'constraint'
    | 'setting'
    | 'TTL'
    | 'key'
    | 'engine'
    | 'comment'
    | 'select'
    | 'target'
    | 'dictionary'
    | 'definition';
  /** Which column, index, setting, key; empty where there is one alone. */
  name: string;
  /** As the migrations have it, and as it is; empty where it is not there. */
  expected: string;
  found: string;
  /** What would mend it, in this order; none where ClickHouse cannot change it in place. */
  mend: string[];
}

/** What a person can do about a difference, in words or as statements. */
export function remedyOf(difference: SchemaDifference): string {
  const { object, part, mend } = difference;
  if (isOfDeletion(difference))
    return `The deletion of a person set it, and takes it back at its end. If none runs, one was cut off: millrace person resume goes on with it. Where there is none: ${mend.join('; ')}`;
  if (mend.length > 0) return mend.join('; ');
  if (part === 'dictionary' || object === PERSON_DICTIONARY) {
    return 'It is made anew when Millrace starts, and by millrace migrate.';
  }
  return 'ClickHouse cannot change it in place: move to a database that is made anew, with millrace warehouse move.';
}

/** True for what a deletion of a person leaves for as long as it is not done. */
export function isOfDeletion({ part, name, expected }: SchemaDifference): boolean {
  return part === 'setting' && expected === '' && HURRIED_SETTINGS.includes(name);
}

/** A difference in one line. */
export function describeDifference({ object, part, name, expected, found }: SchemaDifference): string {
  if (part === 'missing') return `${object} is missing, though its migration was applied`;
  if (part === 'extra')
    return `${object} is in no migration, and takes part in every insert: ${shorten(found)}`;
  const what = name === '' ? part : `${part} ${name}`;
  if (found === '') return `${object} lacks ${what}: ${shorten(expected)}`;
  if (expected === '') return `${object} has ${what}, which no migration has: ${shorten(found)}`;
  const [wanted, other] = aroundFirst(expected, found);
  return `${object} differs in ${what}: expected ${wanted}, found ${other}`;
}

const LONGEST = 160;
const AROUND = 40;

function shorten(text: string): string {
  return text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text;
}

/** Both texts, or where they are long, what stands around the first character that differs. */
function aroundFirst(wanted: string, found: string): [string, string] {
  if (Math.max(wanted.length, found.length) <= LONGEST) return [wanted, found];
  let at = 0;
  while (at < wanted.length && wanted[at] === found[at]) at += 1;
  const from = Math.max(0, at - AROUND);
  const cut = (text: string) => `"…${text.slice(from, at + 2 * AROUND)}…"`;
  return [cut(wanted), cut(found)];
}
