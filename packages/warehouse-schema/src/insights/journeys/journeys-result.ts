/** How many went some way: different people, and their journeys. */
export interface Travellers {
  people: number;
  journeys: number;
}

/** A step's name; null with `other` for all that do not stand apart at their level. */
export interface StepName {
  name: string | null;
  other: boolean;
}

export interface JourneyNode extends StepName, Travellers {
  /** Whose journey has no further step; absent where journeys end by `end`. */
  droppedOff?: Travellers;
  /** At the last level: whose journey has more steps than are shown; absent with an `end` alone. */
  goesOn?: Travellers;
}

export interface JourneyEdge extends Travellers {
  /** Leads to `level + 1`. */
  level: number;
  from: StepName;
  to: StepName;
  medianMs: number;
}

/** How journeys lead to the conversion. */
export interface JourneyConversion extends Travellers {
  /** Part of the journeys; null of none. */
  rate: number | null;
  /** Steps up to the conversion, it included if it is one; null where none converts. */
  steps: { average: number | null; median: number | null };
  /** From the first step, in milliseconds. */
  time: { averageMs: number | null; medianMs: number | null; p90Ms: number | null };
  /** Revenue of steps and conversions of all these journeys, and for each of them. */
  value: { total: number; perJourney: number | null };
}

export interface JourneyPath extends Travellers {
  /** At most as many as are shown. */
  steps: string[];
  conversion?: JourneyConversion;
}

export interface JourneysResult extends Travellers {
  /** 1, 2, …; with an `end` alone …, -1, 0. */
  levels: { level: number; nodes: JourneyNode[] }[];
  edges: JourneyEdge[];
  paths: JourneyPath[];
  conversion?: JourneyConversion;
}

/** A step of a level. */
export interface NodeRow extends Travellers {
  level: number;
  node: number;
}

/** A row of `queries/insights/journeys/graph.sql`. */
export interface GraphRow extends NodeRow {
  next: number;
  median_ms: number;
}

/** A row of `queries/insights/journeys/figures.sql`. */
export interface FiguresRow extends NodeRow {
  /** Of all journeys, of those of a path, of those with a step at a level. */
  kind: 0 | 1 | 2;
  path: number[];
  converted_people: number;
  converted: number;
  average_steps: number | null;
  median_steps: number | null;
  average_ms: number | null;
  median_ms: number | null;
  p90_ms: number | null;
  value: number;
}
