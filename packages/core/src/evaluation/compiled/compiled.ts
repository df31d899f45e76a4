import type { Json } from '../../event.ts';
import type { FlagType } from '../definitions.ts';
import type { Reason } from '../evaluation.ts';

/** The version of the form in this file; a document of another is not read. */
export const COMPILED_FORM = 1;

/**
 * Definitions as pages read them: what a document says in many ways, as lists of steps of which the first that holds
 * decides. So the evaluator of a page knows a dozen words and no schedule, layer, ramp or weight.
 */
export interface CompiledDefinitions {
  compiled: number;
  version: number;
  flags: { [key: string]: CompiledFlag };
  experiments: { [key: string]: CompiledExperiment };
  segments: { [key: string]: Term };
  /** Flags and experiments that a page asks the collector for. */
  remote: string[];
}

/**
 * A question: a list of a word and what it is about. Anything else answers itself. Its answer holds unless it is false or
 * missing; that of an experiment's step is the variant, if it is a text.
 *
 * `and`, `or` of a list of terms, `not` of one; `segment` by its key; `now` from a time to another or null, in ms; `phase`,
 * the number of the one that runs, or none; `unit`, one of some, or any; `override`, what was set by hand; `kept`, one of
 * the variants since a phase; `bucket` of a salt and a unit type, in one of the ranges `[start, end, answer]`; `flag` and
 * `experiment`, one of the values (as JSON) or variants of another. All others compare an attribute:
 * `[word, attribute, value, type]`, of which `rule` does so as a CompareByRule.
 */
export type Term = Json;

/** A flag's value, decided by the first step that holds; one without steps is killed. */
export type CompiledFlag = [type: FlagType, steps?: CompiledRule[]];

/**
 * A step of a flag. An experiment decides for whoever takes part in it, by `values`, else by its payload, else by `value`;
 * 0 for none.
 */
export type CompiledRule = [
  term: Term,
  reason: Reason,
  experiment: string | 0,
  values: { [variant: string]: Json },
  value?: Json,
];

/** An experiment's variant, decided by the first step that holds. */
export type CompiledExperiment = [
  /** What every assignment says. */
  always: { unitType: string; bucketingVersion: number; sticky?: boolean },
  /** The first that runs counts. */
  phases: [word: 'now', from: number, to: number | null, number: number][],
  steps: [term: Term, reason: Reason][],
  payloads?: { [variant: string]: Json },
];
