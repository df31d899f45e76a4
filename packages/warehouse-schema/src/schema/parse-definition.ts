/** A table, view or dictionary, taken apart from what ClickHouse says made it (`create_table_query`). */
export interface Definition {
  kind: 'TABLE' | 'VIEW' | 'MATERIALIZED VIEW' | 'DICTIONARY';
  /** Columns in their order: what stands after the name, by clause, its type under `type`. */
  columns: Map<string, Map<string, string>>;
  /** Whole elements of the list in parentheses, such as `INDEX a b TYPE minmax`. */
  indexes: Map<string, string>;
  projections: Map<string, string>;
  constraints: Map<string, string>;
  /** What follows the list, by keyword: `ENGINE`, `ORDER BY`, `TTL`, `AS` and so on. */
  clauses: Map<string, string>;
  /** `SETTINGS`, one by one. */
  settings: Map<string, string>;
}

const HEAD = /^(?:CREATE|ATTACH) (TABLE|VIEW|MATERIALIZED VIEW|DICTIONARY) \S+/;
const CLAUSE =
  / (REFRESH|TO|DEFINER =|SQL SECURITY|ENGINE =|PARTITION BY|PRIMARY KEY|ORDER BY|SAMPLE BY|TTL|SETTINGS|COMMENT|SOURCE|LIFETIME|LAYOUT|RANGE|AS) ?/g;
const COLUMN_CLAUSE = / (DEFAULT|MATERIALIZED|ALIAS|EPHEMERAL|COMMENT|CODEC|STATISTICS|TTL|SETTINGS) ?/g;

/**
 * Takes a statement apart that ClickHouse wrote, in one line.
 * @throws SyntaxError for anything else.
 */
export function parseDefinition(statement: string): Definition {
  const head = HEAD.exec(statement);
  if (!head) throw new SyntaxError(`expected a CREATE statement, got ${statement.slice(0, 60)}`);
  const rest = statement.slice(head[0].length);
  const mask = maskNested(rest);
  const list = /^(?: (?:TO|REFRESH) [^(]*?)? \(([^)]*)\)/.exec(mask);
  const from = list ? list[0].length - 1 - (list[1]?.length ?? 0) : 0;
  const definition: Definition = {
    kind: head[1] as Definition['kind'],
    columns: new Map(),
    indexes: new Map(),
    projections: new Map(),
    constraints: new Map(),
    clauses: new Map(),
    settings: new Map(),
  };
  if (list) {
    for (const element of splitTopLevel(rest.slice(from, list[0].length - 1)))
      addElement(definition, element);
  }
  const before = list ? rest.slice(0, from - 2) : '';
  const tail = list ? rest.slice(list[0].length) : rest;
  definition.clauses = new Map([...clausesOf(before, CLAUSE), ...clausesOf(tail, CLAUSE)]);
  for (const setting of splitTopLevel(definition.clauses.get('SETTINGS') ?? '')) {
    const [name = '', value = ''] = setting.split(' = ');
    definition.settings.set(name, value);
  }
  definition.clauses.delete('SETTINGS');
  return definition;
}

/** The clauses of a column's definition, its type under `type`. */
function columnClauses(text: string): Map<string, string> {
  const at = firstClause(text, COLUMN_CLAUSE);
  return new Map([['type', text.slice(0, at)], ...clausesOf(text.slice(at), COLUMN_CLAUSE)]);
}

function addElement(definition: Definition, element: string): void {
  const [, word, named] = /^(INDEX|PROJECTION|CONSTRAINT) (`[^`]*`|\S+)/.exec(element) ?? [];
  const lists = {
    INDEX: definition.indexes,
    PROJECTION: definition.projections,
    CONSTRAINT: definition.constraints,
  };
  if (word && named) {
    lists[word as keyof typeof lists].set(unquote(named), element);
    return;
  }
  const [whole = '', name = ''] = /^(`(?:[^`\\]|\\.)*`|\S+) ?/.exec(element) ?? [];
  definition.columns.set(unquote(name), columnClauses(element.slice(whole.length)));
}

function clausesOf(text: string, pattern: RegExp): Map<string, string> {
  const mask = maskNested(text);
  const found = [...mask.matchAll(pattern)];
  // What a view selects may hold any keyword.
  const select = found.findIndex(([, word]) => word === 'AS');
  const marks = select === -1 ? found : found.slice(0, select + 1);
  return new Map(
    marks.map((mark, n) => {
      const end = marks[n + 1]?.index ?? text.length;
      return [mark[1]?.replace(' =', '') ?? '', text.slice(mark.index + mark[0].length, end).trim()];
    }),
  );
}

function firstClause(text: string, pattern: RegExp): number {
  const [first] = maskNested(text).matchAll(pattern);
  return first?.index ?? text.length;
}

/** The parts of a list between its commas. */
function splitTopLevel(text: string): string[] {
  const mask = maskNested(text);
  const ends = [...mask.matchAll(/,/g)].map(({ index }) => index);
  const parts = [...ends, text.length].map((end, n) => text.slice(n === 0 ? 0 : (ends[n - 1] ?? 0) + 1, end));
  return parts.map((part) => part.trim()).filter((part) => part !== '');
}

const HIDDEN = '\u0001';

const QUOTED = /'(?:[^'\\]|\\.)*'|`(?:[^`\\]|\\.)*`|"(?:[^"\\]|\\.)*"/g;

/** The text with everything in quotes or parentheses blotted out, at the same length. */
function maskNested(text: string): string {
  let depth = 0;
  let mask = '';
  for (const char of text.replace(QUOTED, (quoted) => HIDDEN.repeat(quoted.length))) {
    if (char === ')') depth -= 1;
    mask += depth > 0 ? HIDDEN.repeat(char.length) : char;
    if (char === '(') depth += 1;
  }
  return mask;
}

function unquote(name: string): string {
  return name.startsWith('`') ? name.slice(1, -1).replace(/\\(.)/g, '$1') : name;
}
