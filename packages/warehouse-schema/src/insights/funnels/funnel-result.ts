import type { ShownInterval } from '../time/intervals.ts';

/** One step of a funnel. */
export interface FunnelStep {
  name: string;
  optional: boolean;
  /** Who did this step and all before it that must be done. */
  people: number;
  /** Of those who did the step before it that must be done; null where nobody did. */
  fromPrevious: number | null;
  /** Of those who entered. */
  fromFirst: number | null;
  /** Milliseconds from the step before, the median; with `timeToConvert`. */
  medianMs?: number | null;
}

/** How long the way from one step to another took, in milliseconds. */
export interface TimeToConvert {
  people: number;
  averageMs: number | null;
  medianMs: number | null;
  p25Ms: number | null;
  p75Ms: number | null;
  p90Ms: number | null;
  /** Bins of equal width: [fromMs, toMs). */
  histogram: { fromMs: number; toMs: number; people: number }[];
}

/** Who entered within one interval. */
export interface FunnelInterval extends ShownInterval {
  /** The window of some who entered then is not over yet: they may still convert. */
  maturing: boolean;
  /** Who did each of the steps that must be done. */
  people: number[];
}

/** A funnel, of all or of one value of the breakdown. */
export interface FunnelGroup {
  breakdown?: { value: string | null; other: boolean };
  steps: FunnelStep[];
  /** Who met an exclusion, and is not counted in any step. */
  excludedPeople: number;
  timeToConvert?: TimeToConvert;
  intervals?: FunnelInterval[];
}

export interface FunnelsResult {
  /** One, or one for each value of the breakdown, the greatest first, the others last. */
  groups: FunnelGroup[];
}

/** A row of `queries/insights/funnels/funnel.sql`. */
export interface FunnelRow {
  other: number | boolean;
  shown: string;
  /** Unix milliseconds; 0: over the whole range. */
  interval_start: number;
  people: number[];
  excluded_people: number;
  capped_people: number;
  medians: (number | null)[];
  /** average, p25, median, p75, p90, least, greatest, then the bins. */
  conversion: [(number | null)[], number[]] | [];
}
