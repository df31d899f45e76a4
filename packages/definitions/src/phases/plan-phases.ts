import { type Definitions, type Experiment, instantOf, type Phase } from '@millrace/core/evaluation';
import { member, type Report } from '../document/definitions-problem.ts';
import { checkBegun } from './check-begun.ts';
import { type PhaseRow, phaseRow, widest } from './phase-row.ts';

/**
 * The rows of all phases, once `definitions` count from `now` on where `recorded` was there. A phase that has begun keeps
 * what its units were drawn with: where the document says otherwise, that is reported. Phases that the document no longer
 * has stay where they have begun, ended.
 */
export function planPhases(
  definitions: Definitions,
  recorded: readonly PhaseRow[],
  now: number,
  report: Report,
): PhaseRow[] {
  const before = new Map(recorded.map((row) => [keyOf(row), row]));
  const planned = Object.entries(definitions.experiments).flatMap(([key, experiment]) => {
    const olds = experiment.phases.map(({ number }) => {
      const name = keyOf({ experiment: key, phase: number });
      const old = before.get(name);
      before.delete(name);
      return old;
    });
    const rows = experiment.phases.map((phase, i) => {
      const row = phaseRow(key, experiment, phase);
      const old = olds[i];
      if (!old || !hasBegun(old, now)) return { ...row, startedAt: startOf(experiment, phase, now) };
      checkBegun(row, old, member('/experiments', key), i, report);
      return { ...row, ...widest([old, row]), startedAt: old.startedAt };
    });
    return rows.map((row, i) => ({ ...row, endedAt: endOf(experiment, rows, olds[i], i, now) }));
  });
  const left = [...before.values()].filter((row) => hasBegun(row, now));
  return [...planned, ...left.map((row) => ({ ...row, endedAt: endedBy(row, now) }))];
}

/** Whether units may have been drawn in it. */
function hasBegun({ startedAt }: PhaseRow, now: number): boolean {
  return startedAt !== null && startedAt <= now;
}

function startOf({ enabled }: Experiment, { startsAt }: Phase, now: number): number | null {
  if (!enabled) return null;
  return startsAt === undefined ? now : instantOf(startsAt);
}

/**
 * When a phase ends: at its own end, or when a later one takes over that does not end before it. Killing an experiment ends
 * its phases until it is enabled again.
 */
function endOf(
  { enabled, phases }: Experiment,
  rows: readonly PhaseRow[],
  old: PhaseRow | undefined,
  position: number,
  now: number,
): number | null {
  const startedAt = rows[position]?.startedAt ?? null;
  if (startedAt === null) return null;
  const ends = phases.map(({ endsAt }) =>
    endsAt === undefined ? Number.POSITIVE_INFINITY : instantOf(endsAt),
  );
  const own = ends[position] ?? now;
  const takenOver = rows
    .filter((_, i) => i > position && (ends[i] ?? now) >= own)
    .map((row) => row.startedAt ?? Number.POSITIVE_INFINITY);
  const killed = enabled ? Number.POSITIVE_INFINITY : endedBy(old, now);
  const end = Math.max(startedAt, Math.min(own, killed, ...takenOver));
  return Number.isFinite(end) ? end : null;
}

/** When it ended, where that is over; else now. */
function endedBy(row: PhaseRow | undefined, now: number): number {
  return Math.min(row?.endedAt ?? now, now);
}

function keyOf({ experiment, phase }: { experiment: string; phase: number }): string {
  return `${experiment} ${phase}`;
}
