/** A version of a stored cohort; without a definition it was deleted. */
export interface CohortVersion {
  name: string;
  version: number;
  definition: object | null;
  author: string;
  note: string;
  createdAt: Date;
}

/** A stored list of people. */
interface StoredList {
  id: string;
  /** How many ids it holds. */
  ids: number;
}

/**
 * The stored cohorts of one project. A method rejects with an `InsightError` where a definition or a question makes no
 * sense, else with an error that has a `code` where the caller can put it right.
 */
export interface CohortsAdmin {
  list(): Promise<CohortVersion[]>;
  read(name: string, version?: number): Promise<CohortVersion | undefined>;
  history(name: string): Promise<CohortVersion[]>;
  save(cohort: {
    name: string;
    definition: object | null;
    author: string;
    note: string;
    ifVersion?: number | undefined;
  }): Promise<{ version: number }>;
  /** Rejects where a definition cannot be stored under that name. */
  check(name: string, definition: unknown): Promise<void>;
  /** Keeps ids as a list. */
  keepPeople(ids: readonly string[]): Promise<StoredList>;
  /** Keeps whom an insight lists now. */
  keepAnswer(insight: string, question: unknown, signal: AbortSignal): Promise<StoredList>;
  /** Lets go of lists that no cohort has. */
  dropLists(): Promise<void>;
}
