/** What a statement may do to a warehouse that holds rows. */
export interface Effect {
  /**
   * `safe`: only metadata changes, or nothing is there yet. `slow`: nothing is lost, but rows are read or rewritten.
   * `unsafe`: rows or answers may be lost.
   */
  risk: 'safe' | 'slow' | 'unsafe';
  /** In words. */
  why: string;
  /** The table whose rows are touched, and the one column of it, if it is one. */
  touches?: { table: string; column?: string };
}

const IDENTIFIER = '`?(?:\\w+`?\\.`?)?(\\w+)`?';
const safe = (why: string): Effect => ({ risk: 'safe', why });

type Rule = [RegExp, (names: string[]) => Effect];

const ofTable =
  (risk: Effect['risk'], why: string) =>
  ([table = '']: string[]) => ({
    risk,
    why,
    touches: { table },
  });
const ofColumn =
  (risk: Effect['risk'], why: string) =>
  ([table = '', column = '']: string[]) => ({
    risk,
    why,
    touches: { table, column },
  });
const ALTER = `^ALTER TABLE ${IDENTIFIER} `;
const IF_EXISTS = '(?:IF (?:NOT )?EXISTS )?';

/** The first that fits counts. */
const RULES: Rule[] = [
  [/^CREATE MATERIALIZED VIEW/, () => safe('every insert into the table it reads pays for it from then on')],
  [/^CREATE OR REPLACE/, () => safe('a definition is replaced, no row')],
  [/^CREATE /, () => safe('it is new')],
  [/^INSERT INTO (?:`?\w+`?\.)?`?(\w+)/, ofTable('slow', 'rows are written')],
  [
    new RegExp(`^DROP VIEW ${IF_EXISTS}${IDENTIFIER}`),
    () => ({
      risk: 'unsafe',
      why: 'who reads the view fails; of a materialized one, events until it is made again are not counted',
    }),
  ],
  [/^DROP DICTIONARY/, () => ({ risk: 'unsafe', why: 'who reads the dictionary fails' })],
  [
    new RegExp(`^(?:DROP|TRUNCATE|DETACH) TABLE ${IF_EXISTS}${IDENTIFIER}`),
    ofTable('unsafe', 'its rows are gone'),
  ],
  [new RegExp(`^DELETE FROM ${IDENTIFIER}`), ofTable('unsafe', 'rows are deleted')],
  [new RegExp(`^UPDATE ${IDENTIFIER}`), ofTable('unsafe', 'rows are changed')],
  [new RegExp(`^OPTIMIZE TABLE ${IDENTIFIER}`), ofTable('slow', 'all of its parts are merged')],
  [
    new RegExp(`${ALTER}ADD (?:COLUMN|INDEX|PROJECTION)`),
    () => safe('parts that are there get it when they are merged'),
  ],
  [
    new RegExp(`${ALTER}ADD CONSTRAINT`),
    () => ({ risk: 'unsafe', why: 'inserts that do not fulfil it are refused' }),
  ],
  [
    new RegExp(`${ALTER}DROP COLUMN ${IF_EXISTS}${IDENTIFIER}`),
    ofColumn('unsafe', 'what the column holds is gone'),
  ],
  [
    new RegExp(`${ALTER}CLEAR COLUMN ${IF_EXISTS}${IDENTIFIER}`),
    ofColumn('unsafe', 'what the column holds is gone'),
  ],
  [
    new RegExp(`${ALTER}RENAME COLUMN ${IF_EXISTS}${IDENTIFIER}`),
    ofColumn('unsafe', 'views and queries that name the column fail'),
  ],
  [
    new RegExp(`${ALTER}(?:MODIFY|ALTER) COLUMN ${IF_EXISTS}${IDENTIFIER} REMOVE`),
    () => safe('only what is written from then on differs'),
  ],
  [
    new RegExp(`${ALTER}(?:MODIFY|ALTER) COLUMN ${IF_EXISTS}${IDENTIFIER}`),
    ofColumn('slow', 'if the type differs, the column is rewritten in every part; else nothing is'),
  ],
  [new RegExp(`${ALTER}COMMENT COLUMN`), () => safe('only words')],
  [
    new RegExp(`${ALTER}DROP (?:INDEX|PROJECTION|CONSTRAINT)`),
    () => safe('no row is touched; queries may take longer'),
  ],
  [
    new RegExp(`${ALTER}MATERIALIZE (?:INDEX|PROJECTION|COLUMN|STATISTICS)`),
    ofTable('slow', 'it is made for every part, in the background'),
  ],
  [new RegExp(`${ALTER}MATERIALIZE TTL`), ofTable('unsafe', 'rows whose time is over are deleted')],
  [
    new RegExp(`${ALTER}MODIFY TTL`),
    ofTable('unsafe', 'rows whose time is over by the new rule are deleted, and every part is looked at'),
  ],
  [
    new RegExp(`${ALTER}(?:REMOVE TTL|RESET SETTING|MODIFY (?:SETTING|COMMENT|ORDER BY|SAMPLE BY))`),
    () => safe('only metadata'),
  ],
  [
    new RegExp(`${ALTER}MODIFY (?:QUERY|REFRESH)`),
    () => ({ risk: 'unsafe', why: 'what the view fills from then on differs from what it filled before' }),
  ],
  [
    new RegExp(`${ALTER}(?:UPDATE|DELETE)`),
    ofTable('unsafe', 'rows are changed or deleted, and parts rewritten'),
  ],
];

/** What a statement does, by its form; one of an unknown form counts as unsafe. */
export function effectOf(statement: string): Effect {
  for (const [pattern, effect] of RULES) {
    const match = pattern.exec(statement);
    if (match) return effect(match.slice(1).filter((name) => name !== undefined));
  }
  return { risk: 'unsafe', why: 'not known what it does' };
}
