import type Type from 'typebox';
import { InsightError, invalid } from '../insight-error.ts';
import { readQuestion } from '../question/read-question.ts';
import { EVER, readRange } from '../time/range.ts';
import type { RangeClock } from '../time/relative-range.ts';
import type { BehaviourLeaf, Cohort } from './cohort.ts';
import { COHORT_SCHEMAS } from './cohort-schema.ts';

/** The definition of a stored cohort; undefined where there is none of that name. */
export type FindCohort = (name: string) => Promise<unknown>;

/** What a cohort is read with. */
export interface CohortReader {
  clock: RangeClock;
  find: FindCohort;
}

type Did = Type.Static<(typeof COHORT_SCHEMAS)['did']>;

const MAX_PARTS = 50;
const MAX_DEPTH = 10;

interface Place {
  /** In the question. */
  pointer: string;
  /** The stored cohorts on the way here. */
  within: string[];
  depth: number;
  count: { parts: number };
}

/**
 * A cohort as a question has it: the name of a stored one, or a definition; names in it are followed.
 * @throws InsightError that names the field; what is wrong in a stored one is said of the place that names it.
 */
export function readCohort(value: unknown, pointer: string, reader: CohortReader): Promise<Cohort> {
  const named = typeof value === 'string' ? { cohort: value } : value;
  const place = { pointer, within: [], depth: 0, count: { parts: 0 } };
  return readPart(
    named,
    typeof value === 'string' ? { ...place, pointer: parentOf(pointer) } : place,
    reader,
  );
}

async function readPart(value: unknown, place: Place, reader: CohortReader): Promise<Cohort> {
  const { pointer, depth, count } = place;
  count.parts += 1;
  if (depth > MAX_DEPTH) throw invalid(pointer, `a cohort has at most ${MAX_DEPTH} levels`);
  if (count.parts > MAX_PARTS) throw invalid(pointer, `a cohort has at most ${MAX_PARTS} parts`);
  const part = (inner: unknown, field: string) =>
    readPart(inner, { ...place, pointer: `${pointer}/${field}`, depth: depth + 1 }, reader);
  switch (kindOf(value, place)) {
    case 'did': {
      const read = shape('did', value, pointer);
      const range = read.range ? readRange(read.range, reader.clock, `${pointer}/range`) : EVER;
      return {
        kind: 'did',
        choice: read.did,
        pointer: `${pointer}/did`,
        range,
        count: countOf(read, pointer),
      };
    }
    case 'firstDid': {
      const read = shape('firstDid', value, pointer);
      const range = readRange(read.range, reader.clock, `${pointer}/range`);
      return { kind: 'first_did', choice: read.firstDid, pointer: `${pointer}/firstDid`, range };
    }
    case 'people':
      return { kind: 'people', ids: shape('people', value, pointer).people };
    case 'list':
      return { kind: 'list', id: shape('list', value, pointer).list };
    case 'all':
    case 'any': {
      const kind = 'all' in (value as object) ? 'all' : 'any';
      const inner = Object.values(shape(kind, value, pointer))[0] as unknown[];
      const of: Cohort[] = [];
      for (const [index, one] of inner.entries()) of.push(await part(one, `${kind}/${index}`));
      return { kind, of };
    }
    case 'not':
      return { kind: 'not', of: await part(shape('not', value, pointer).not, 'not') };
    case 'cohort':
      return readStored(shape('cohort', value, pointer).cohort, place, reader);
  }
}

async function readStored(name: string, place: Place, reader: CohortReader): Promise<Cohort> {
  const pointer = `${place.pointer}/cohort`;
  if (place.within.includes(name))
    throw invalid(pointer, `the cohort ${JSON.stringify(name)} would be made of itself`);
  const definition = await find(name, reader);
  if (definition === undefined)
    throw invalid(pointer, `this project has no cohort of the name ${JSON.stringify(name)}`);
  try {
    const within = [...place.within, name];
    return await readPart(definition, { ...place, pointer: '', within, depth: place.depth + 1 }, reader);
  } catch (error) {
    if (!(error instanceof InsightError) || error.code !== 'invalid_question') throw error;
    if (place.within.length > 0) throw error;
    throw invalid(pointer, `the cohort ${JSON.stringify(name)} is not sound: ${error.message}`);
  }
}

async function find(name: string, reader: CohortReader): Promise<unknown> {
  try {
    return await reader.find(name);
  } catch {
    throw new InsightError('warehouse_unavailable', 'The stored cohorts cannot be read now: try again.');
  }
}

type Kind = keyof typeof COHORT_SCHEMAS;

function kindOf(value: unknown, { pointer, within }: Place): Kind {
  const kinds = Object.keys(COHORT_SCHEMAS).filter((kind) => kind !== 'list' || within.length > 0) as Kind[];
  const fields = typeof value === 'object' && value !== null && !Array.isArray(value) ? value : {};
  const found = kinds.filter((kind) => Object.hasOwn(fields, kind));
  if (found.length !== 1 || found[0] === undefined) {
    const names = kinds.filter((kind) => kind !== 'list').join(', ');
    throw invalid(pointer, `expected an object with one of the fields ${names}`);
  }
  return found[0];
}

function shape<K extends Kind>(
  kind: K,
  value: unknown,
  pointer: string,
): Type.Static<(typeof COHORT_SCHEMAS)[K]> {
  try {
    return readQuestion(COHORT_SCHEMAS[kind], value);
  } catch (error) {
    if (!(error instanceof InsightError) || error.field === undefined) throw error;
    throw invalid(`${pointer}${error.field}`, error.message.replace(/^[^:]*: /, ''));
  }
}

function countOf(read: Did, pointer: string): Extract<BehaviourLeaf, { kind: 'did' }>['count'] {
  const { atLeast, atMost, exactly } = read;
  const given = Object.entries({ atLeast, atMost, exactly }).filter(([, value]) => value !== undefined);
  if (given.length > 1)
    throw invalid(
      `${pointer}/${given[1]?.[0]}`,
      `does not go with ${given[0]?.[0]}; put two in an {"all": […]}`,
    );
  if (exactly !== undefined) return { operator: 'eq', value: exactly };
  if (atMost !== undefined) return { operator: 'lte', value: atMost };
  return { operator: 'gte', value: atLeast ?? 1 };
}

function parentOf(pointer: string): string {
  return pointer.slice(0, pointer.lastIndexOf('/'));
}
