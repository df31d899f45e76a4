/** A row as the oracle sees it. */
export interface SessionRow {
  id: string;
  device: string;
  session: string;
  user: string;
  time: number;
  type: string;
  path: string;
  agent: string;
  bot: boolean;
}

export interface OracleSession {
  started: number;
  duration: number;
  rows: SessionRow[];
  person: string;
  isBounce: boolean;
  entry: string;
  exit: string;
}

const PAUSE_MS = 1_800_000;
const DAY_MS = 86_400_000;

/** The sessions of some rows, one row after the other. */
export function sessionOracle(rows: readonly SessionRow[]): OracleSession[] {
  const ordered = [...rows].sort((a, b) => a.time - b.time || (a.id < b.id ? -1 : 1));
  const sessions = new Map<string, SessionRow[]>();
  const devices = new Map<string, { busySince: number; last: number }>();
  const add = (key: string, row: SessionRow) => sessions.set(key, [...(sessions.get(key) ?? []), row]);
  for (const row of ordered) {
    if (row.session !== '') add(`client ${row.session}`, row);
    else if (row.device !== '' && row.agent !== '') {
      const before = devices.get(row.device);
      const goesOn = before !== undefined && row.time - before.last <= PAUSE_MS;
      const busySince = goesOn ? before.busySince : row.time;
      const cut = Math.floor((row.time - busySince) / DAY_MS);
      devices.set(row.device, { busySince, last: row.time });
      add(`device ${row.device} ${busySince} ${cut}`, row);
    }
  }
  return [...sessions.values()].map(describeSession);
}

function describeSession(rows: SessionRow[]): OracleSession {
  const [first, last] = [rows[0] as SessionRow, rows.at(-1) as SessionRow];
  const paths = rows.map(({ path }) => path).filter((path) => path !== '');
  return {
    started: first.time,
    duration: last.time - first.time,
    rows,
    person: last.user || last.device,
    isBounce:
      rows.filter(({ type }) => type === 'page' || type === 'screen').length <= 1 &&
      rows.every(({ type }) => type !== 'track'),
    entry: paths[0] ?? '',
    exit: paths.at(-1) ?? '',
  };
}

/** A percentile between the two nearest of some numbers. */
export function percentile(values: readonly number[], level: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  const at = level * (sorted.length - 1);
  const [low = 0, high = 0] = [sorted[Math.floor(at)], sorted[Math.ceil(at)]];
  return low + (high - low) * (at - Math.floor(at));
}
