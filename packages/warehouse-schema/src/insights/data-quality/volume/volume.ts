import { setImmediate as breathe } from 'node:timers/promises';
import { sqlFile } from '../../sql/sql-file.ts';
import { intervalsOf } from '../../time/intervals.ts';
import { isoIn } from '../../time/zone.ts';
import type { LookedAt } from '../looked-at.ts';
import { findAnomalies } from './find-anomalies.ts';
import type { Point, Season } from './seasonal-model.ts';

interface JudgedInterval {
  start: string;
  count: number;
  expected: number;
  /** In standard deviations; negative where events are missing. */
  z: number;
}

/** What was found in one series of counts. */
interface SeriesVolume {
  /** The event; null: all events. */
  event: string | null;
  /** `young`: too few intervals before the range to say what is usual. */
  state: 'judged' | 'young';
  /** What repeats: by the clock and the week of the time zone. */
  season: Season | null;
  /** How many intervals of the range were judged, and how many before it that was learned from. */
  judged: number;
  learnedFrom: number;
  /** How much more the series varies than counts that come by chance: variance = mean + dispersion × mean². */
  dispersion: number | null;
  /** The last interval that was judged; null where none was. */
  latest: JudgedInterval | null;
  anomalies: (JudgedInterval & { direction: 'low' | 'high' })[];
  /** Times without any event that are not to be expected; `expected` events were missed. */
  gaps: { start: string; end: string; expected: number }[];
}

export interface VolumeResult {
  interval: 'hour' | 'day';
  threshold: number;
  /** Until when intervals were judged: those that ended a quarter of an hour before the question. ISO 8601. */
  until: string;
  /** All events first, then the series with anomalies or gaps, the greatest first, then the others. */
  series: SeriesVolume[];
}

interface VolumeRow {
  event: string;
  is_overall: number;
  interval_start: number;
  row_count: number;
}

const WEEK_MS = 604_800_000;
const DAY_MS = 86_400_000;
const HOUR_MS = 3_600_000;
/** Events that come a little later are waited for. */
const SETTLE_MS = 900_000;

/** Which intervals had more or fewer events than their season and the week before let one expect. */
export async function answerVolume(at: LookedAt): Promise<VolumeResult> {
  const { run, question, range, scope, names, rollup } = at;
  const { interval = 'hour', threshold = 5, history = 5 } = question;
  const until = Math.min(range.to, run.now - SETTLE_MS);
  const from = range.from - history * WEEK_MS;
  const intervals = intervalsOf({ from, to: range.to }, interval, scope.zone, 'monday', '/history');
  const ends = [...intervals.starts.slice(1), intervals.end];
  const over = intervals.starts.filter((_, index) => (ends[index] ?? 0) <= until);
  const end = ends[over.length - 1] ?? from;
  const rows = over.length
    ? await run.query<VolumeRow>(
        sqlFile('data-quality/volume', rollup, {
          project_id: scope.projectId,
          from: over[0],
          to: end,
          starts: over,
          names,
        }),
      )
    : [];
  const counts = new Map<string | null, Map<number, number>>();
  for (const row of rows) {
    const event = row.is_overall ? null : row.event;
    const series = counts.get(event) ?? new Map<number, number>();
    counts.set(event, series.set(row.interval_start, row.row_count));
  }
  const nominal = interval === 'hour' ? HOUR_MS : DAY_MS;
  const clock = over.map((start, index) => {
    const local = start + scope.zone.offsetAt(start);
    const day = Math.floor(local / DAY_MS);
    const hour = interval === 'hour' ? Math.floor((local % DAY_MS) / HOUR_MS) : 0;
    return { start, length: ((ends[index] ?? start) - start) / nominal, day, weekday: (day + 3) % 7, hour };
  });

  const shown = ({ start, count, expected, z }: Omit<JudgedInterval, 'start'> & { start: number }) => ({
    start: isoIn(scope.zone, start),
    count,
    expected: rounded(expected),
    z: rounded(z),
  });
  const judge = (event: string | null, first: number): SeriesVolume => {
    // The interval of the first event is not a whole one.
    const born = over.findIndex((start) => start > first);
    const points: Point[] = (first > 0 && born >= 0 ? clock.slice(first < from ? 0 : born) : []).map(
      (place) => ({ ...place, count: counts.get(event)?.get(place.start) ?? 0 }),
    );
    const learned = points.filter(({ start }) => start < range.from).length;
    const { fitted, anomalies, gaps } = findAnomalies(points, learned, end, { by: interval, threshold });
    const [newest, last] = [points.at(-1), fitted?.judged.at(-1)];
    return {
      event,
      state: fitted ? 'judged' : 'young',
      season: fitted?.season ?? null,
      judged: fitted ? points.length - learned : 0,
      learnedFrom: learned,
      dispersion: fitted ? rounded(fitted.dispersion) : null,
      latest: last && newest ? shown({ ...newest, ...last }) : null,
      anomalies: anomalies
        .sort((a, b) => Math.abs(b.z) - Math.abs(a.z))
        .slice(0, MAX_ANOMALIES)
        .sort((a, b) => a.start - b.start)
        .map((one) => ({ ...shown(one), direction: one.z < 0 ? 'low' : 'high' })),
      gaps: gaps.map((gap) => ({
        start: isoIn(scope.zone, gap.start),
        end: isoIn(scope.zone, gap.end),
        expected: rounded(gap.expected),
      })),
    };
  };
  const series: SeriesVolume[] = [];
  for (const { event, first } of at.events) {
    // Milliseconds each: what else the process does, such as to acknowledge events, comes in between.
    await breathe();
    series.push(judge(event, first));
  }
  return {
    interval,
    threshold,
    until: isoIn(scope.zone, end),
    series: [
      judge(null, at.overall.first),
      ...series.sort((a, b) => weightOf(b) - weightOf(a) || (String(a.event) < String(b.event) ? -1 : 1)),
    ],
  };
}

const MAX_ANOMALIES = 50;

/** What has gaps stands first, then what is furthest from what was expected. */
function weightOf({ anomalies, gaps }: SeriesVolume): number {
  return gaps.length * 1e6 + Math.max(0, ...anomalies.map(({ z }) => Math.abs(z)));
}

function rounded(value: number): number {
  return Number(value.toPrecision(4));
}
