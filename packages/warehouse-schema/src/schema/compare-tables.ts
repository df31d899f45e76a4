import type { SchemaDifference } from './difference.ts';
import type { Definition } from './parse-definition.ts';

type Found = Omit<SchemaDifference, 'object'>;

/** How a table differs from what it should be. `table`: its name in statements. */
export function compareTables(wanted: Definition, found: Definition, table: string): Found[] {
  const alter = (change: string) => `ALTER TABLE ${table} ${change}`;
  return [
    ...compareColumns(wanted, found, alter),
    ...compareElements('index', wanted.indexes, found.indexes, alter),
    ...compareElements('projection', wanted.projections, found.projections, alter),
    ...compareElements('constraint', wanted.constraints, found.constraints, alter),
    ...compareSettings(wanted, found, alter),
    ...compareClauses(wanted, found, alter),
  ];
}

type Alter = (change: string) => string;

/** In the order in which ClickHouse takes them. */
const COLUMN_CLAUSES = [
  'DEFAULT',
  'MATERIALIZED',
  'EPHEMERAL',
  'ALIAS',
  'COMMENT',
  'CODEC',
  'STATISTICS',
  'TTL',
  'SETTINGS',
];

function columnText(clauses: Map<string, string>): string {
  const rest = COLUMN_CLAUSES.flatMap((word) => {
    const text = clauses.get(word);
    if (text === undefined) return [];
    return word === 'CODEC' || word === 'SETTINGS' ? `${word}${text}` : `${word} ${text}`;
  });
  return [clauses.get('type') ?? '', ...rest].join(' ').trim();
}

function compareColumns(wanted: Definition, found: Definition, alter: Alter): Found[] {
  const differences: Found[] = [];
  let previous = '';
  for (const [name, clauses] of wanted.columns) {
    const there = found.columns.get(name);
    const expected = columnText(clauses);
    const place = previous === '' ? 'FIRST' : `AFTER \`${previous}\``;
    previous = name;
    if (!there) {
      const mend = [alter(`ADD COLUMN \`${name}\` ${expected} ${place}`)];
      differences.push({ part: 'column', name, expected, found: '', mend });
      continue;
    }
    if (columnText(there) === expected) continue;
    const gone = [...there.keys()].filter((word) => !clauses.has(word));
    const changed = [...clauses].some(([word, text]) => there.get(word) !== text);
    const mend = [
      ...gone.map((word) => alter(`MODIFY COLUMN \`${name}\` REMOVE ${word}`)),
      ...(changed ? [alter(`MODIFY COLUMN \`${name}\` ${expected}`)] : []),
    ];
    differences.push({ part: 'column', name, expected, found: columnText(there), mend });
  }
  for (const [name, clauses] of found.columns) {
    if (wanted.columns.has(name)) continue;
    const mend = [alter(`DROP COLUMN \`${name}\``)];
    differences.push({ part: 'column', name, expected: '', found: columnText(clauses), mend });
  }
  return differences.length > 0 ? differences : compareOrder(wanted, found, alter);
}

function compareOrder(wanted: Definition, found: Definition, alter: Alter): Found[] {
  const order = [...wanted.columns.keys()];
  const there = [...found.columns.keys()];
  if (order.join() === there.join()) return [];
  const mend = order.map((name, n) => {
    const type = wanted.columns.get(name)?.get('type') ?? '';
    return alter(`MODIFY COLUMN \`${name}\` ${type} ${n === 0 ? 'FIRST' : `AFTER \`${order[n - 1]}\``}`);
  });
  return [{ part: 'column order', name: '', expected: order.join(', '), found: there.join(', '), mend }];
}

function compareElements(
  part: 'index' | 'projection' | 'constraint',
  wanted: Map<string, string>,
  found: Map<string, string>,
  alter: Alter,
): Found[] {
  const word = part.toUpperCase();
  return [...new Set([...wanted.keys(), ...found.keys()])].flatMap((name) => {
    const expected = wanted.get(name) ?? '';
    const there = found.get(name) ?? '';
    if (expected === there) return [];
    const drop = there === '' ? [] : [alter(`DROP ${word} \`${name}\``)];
    const add = expected === '' ? [] : [alter(`ADD ${expected}`)];
    // For the parts that are there already.
    const make = expected === '' || part === 'constraint' ? [] : [alter(`MATERIALIZE ${word} \`${name}\``)];
    return [{ part, name, expected, found: there, mend: [...drop, ...add, ...make] }];
  });
}

/** What a table gets when it is made, for good. */
const FIXED_SETTINGS = ['index_granularity'];

function compareSettings(wanted: Definition, found: Definition, alter: Alter): Found[] {
  return [...new Set([...wanted.settings.keys(), ...found.settings.keys()])].flatMap((name) => {
    const expected = wanted.settings.get(name) ?? '';
    const there = found.settings.get(name) ?? '';
    if (expected === there) return [];
    const change = expected === '' ? `RESET SETTING ${name}` : `MODIFY SETTING ${name} = ${expected}`;
    const mend = FIXED_SETTINGS.includes(name) ? [] : [alter(change)];
    return [{ part: 'setting' as const, name, expected, found: there, mend }];
  });
}

function compareClauses(wanted: Definition, found: Definition, alter: Alter): Found[] {
  return [...new Set([...wanted.clauses.keys(), ...found.clauses.keys()])].flatMap((word): Found[] => {
    const expected = wanted.clauses.get(word) ?? '';
    const there = found.clauses.get(word) ?? '';
    if (expected === there) return [];
    const { part, name = '', change } = CLAUSES[word] ?? { part: 'key', name: word };
    return [{ part, name, expected, found: there, mend: change ? [alter(change(expected))] : [] }];
  });
}

const orRemove = (word: string) => (text: string) => (text ? `MODIFY ${word} ${text}` : `REMOVE ${word}`);

/** Those that are no keys, or a key that can be changed. */
const CLAUSES: Record<string, { part: Found['part']; name?: string; change?: (text: string) => string }> = {
  ENGINE: { part: 'engine' },
  TTL: { part: 'TTL', change: orRemove('TTL') },
  COMMENT: { part: 'comment', change: (text) => `MODIFY COMMENT ${text || "''"}` },
  'SAMPLE BY': { part: 'key', name: 'SAMPLE BY', change: orRemove('SAMPLE BY') },
};
