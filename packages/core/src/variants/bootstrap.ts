import type { CompiledDefinitions } from '../evaluation/compiled/compiled.ts';
import type { Assignment, FlagEvaluation } from '../evaluation/evaluation.ts';

/** What was evaluated for one context, as `/v1/evaluate` answers it. */
export interface Evaluations {
  /** Of the definitions. */
  version: number;
  experiments: { [key: string]: Assignment };
  flags: { [key: string]: FlagEvaluation };
}

/** What a server puts into a page, so that the page's client has its answers from the first call on. */
export interface Bootstrap {
  /** Compiled definitions, for the same answers without the server. */
  definitions?: CompiledDefinitions | undefined;
  /** Answers for this visitor. */
  evaluations?: Evaluations | undefined;
  /** Whom the page was made for. A client of somebody else, as of a page from a shared cache, leaves `evaluations`. */
  anonymousId?: string | undefined;
  userId?: string | undefined;
}

/** JSON that may stand in a `<script>` as it is. */
export function scriptJson(value: unknown): string {
  return JSON.stringify(value)
    .replaceAll('<', '\\u003c')
    .replaceAll('\u2028', '\\u2028')
    .replaceAll('\u2029', '\\u2029');
}
