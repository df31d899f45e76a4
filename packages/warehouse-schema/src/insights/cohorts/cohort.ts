import type { EventChoice } from '../question/question-schema.ts';
import type { Range } from '../time/range.ts';

/** A leaf that looks at what people did. */
export type BehaviourLeaf =
  | {
      kind: 'did';
      choice: EventChoice;
      /** Where it stands in the question. */
      pointer: string;
      range: Range;
      count: { operator: 'gte' | 'lte' | 'eq'; value: number };
    }
  | { kind: 'first_did'; choice: EventChoice; pointer: string; range: Range };

/** A set of people, or what a list of them is called. */
export type ListLeaf = { kind: 'people'; ids: string[] } | { kind: 'list'; id: string };

/** Which people: a yes or no that can be said of everybody. */
export type Cohort =
  | BehaviourLeaf
  | ListLeaf
  | { kind: 'all' | 'any'; of: Cohort[] }
  | { kind: 'not'; of: Cohort };
