import type { Json } from '../../event.ts';
import type { Schedule, Traffic } from '../definitions.ts';
import { instantOf } from '../instant.ts';
import { NEVER } from './compile-condition.ts';
import type { Term } from './compiled.ts';

/** From when, and to when where it ends, in ms; undefined for a time that cannot be read, which is never. */
export function timesOf({ startsAt, endsAt }: Schedule): [from: number, to: number | null] | undefined {
  const from = startsAt ? instantOf(startsAt) : 0;
  const to = endsAt ? instantOf(endsAt) : null;
  return Number.isNaN(from) || Number.isNaN(to) ? undefined : [from, to];
}

/** The terms that hold while a schedule runs; none for one that always does. */
export function compileSchedule(schedule: Schedule): Json[] {
  const times = timesOf(schedule);
  if (!times) return [NEVER];
  return times[0] || times[1] !== null ? [['now', ...times]] : [];
}

/** The term that holds for the units of the traffic: each step of a ramp has a time of its own. */
export function compileTraffic(salt: string, unitType: string, { start, end, ramp = [] }: Traffic): Term {
  const until = (end: number): Term => ['bucket', salt, unitType, [[start, end]]];
  const steps = ramp
    .map((step) => ({ at: instantOf(step.at), end: step.end }))
    .filter(({ at }) => !Number.isNaN(at))
    .sort((a, b) => a.at - b.at);
  if (steps.length === 0) return until(end);
  const terms = [{ at: 0, end }, ...steps].map(({ at, end }, index): Term => {
    const next = steps[index];
    return ['and', [['now', at, next ? next.at : null], until(end)]];
  });
  return ['or', terms];
}
