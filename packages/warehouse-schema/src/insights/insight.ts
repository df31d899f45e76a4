import type { TSchema } from 'typebox';
import type { Question } from './question/question-schema.ts';
import type { Scope } from './scope.ts';
import type { RenderedSql, Sql } from './sql/sql.ts';

/** Something that the reader of an answer must know: a limit that was hit, a name that no event has. */
export interface Notice {
  code: string;
  message: string;
}

/** What an insight works with while it answers one question. */
export interface InsightRun {
  scope: Scope;
  /** When it was asked, Unix milliseconds. */
  now: number;
  /** Runs a query within the limits and writes it down for the answer. */
  query<Row>(query: Sql): Promise<Row[]>;
  notice(code: string, message: string): void;
}

/** A kind of question and how it is answered. */
export interface Insight<Q extends Question = Question, R = unknown> {
  name: string;
  /** JSON Schema of the question. */
  schema: TSchema;
  /** For a question that names no range: the question with the one it is about. `now` is in Unix milliseconds. */
  withRange?(question: Omit<Q, 'range'>, now: number): Q;
  /** What the answer says, in words. */
  define(question: Q): string;
  run(run: InsightRun, question: Q): Promise<R>;
  /** For an insight that lists people: a query of all of them, with a column `person`. */
  people?(scope: Scope, question: Q): Sql;
}

/** How far the loaded events reach. */
export interface Freshness {
  /** When the newest event that is loaded arrived, ISO 8601; null without events. */
  newestEvent: string | null;
  /** How long before the question that was, in milliseconds. */
  lagMs: number | null;
}

/** What every insight answers. */
export interface Answer<R> {
  insight: string;
  /** Absent when segments were asked for. */
  result?: R;
  segments?: { name: string; result: R }[];
  /** What the question was about: [from, to), ISO 8601 in its time zone. */
  range: { from: string; to: string };
  /** What was asked of ClickHouse; the values stand beside the text. */
  queries: RenderedSql[];
  definition: string;
  freshness: Freshness;
  notices: Notice[];
}
