import type { VariantRange } from '@millrace/core';
import type { Experiment, Phase } from '@millrace/core/evaluation';

/** A phase as the tables hold it: all that it takes to recompute what a unit was given. Times are Unix milliseconds. */
export interface PhaseRow extends TrafficColumns {
  experiment: string;
  phase: number;
  unitType: string;
  bucketingVersion: number;
  trafficSalt: string;
  variantSalt: string;
  /** From when it may draw; null while its experiment was never enabled. */
  startedAt: number | null;
  /** From when it draws no more. */
  endedAt: number | null;
  variants: VariantRange[];
}

/** The widest range that the traffic of a phase ever had, with all steps of its ramps. */
interface TrafficColumns {
  trafficStart: number;
  trafficEnd: number;
}

/** The row of a phase whose times are not known yet. */
export function phaseRow(key: string, experiment: Experiment, phase: Phase): PhaseRow {
  const { start: trafficStart, end, ramp = [] } = phase.traffic;
  return {
    experiment: key,
    phase: phase.number,
    unitType: experiment.unitType ?? 'anonymousId',
    bucketingVersion: experiment.bucketingVersion,
    trafficSalt: phase.trafficSalt,
    variantSalt: phase.variantSalt,
    ...widest([end, ...ramp.map((step) => step.end)].map((trafficEnd) => ({ trafficStart, trafficEnd }))),
    startedAt: null,
    endedAt: null,
    variants: phase.variants.map(({ start, end, variant }) => ({ start, end, variant })),
  };
}

/** The smallest range around all those that are not empty. */
export function widest(ranges: readonly TrafficColumns[]): TrafficColumns {
  const held = ranges.filter((range) => range.trafficStart < range.trafficEnd);
  if (held.length === 0) return { trafficStart: 0, trafficEnd: 0 };
  return {
    trafficStart: Math.min(...held.map((range) => range.trafficStart)),
    trafficEnd: Math.max(...held.map((range) => range.trafficEnd)),
  };
}
