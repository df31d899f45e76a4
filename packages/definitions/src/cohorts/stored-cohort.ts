/** Which cohort is meant. */
export interface CohortPlace {
  projectId: number;
  /** 1 to 64 of a-z, 0-9, - and _, a letter or digit first. */
  name: string;
}

/** A version of a cohort. */
export interface StoredCohort {
  name: string;
  version: number;
  /** What it is made of (docs/cohorts.md); null: this version deleted it. */
  definition: object | null;
  author: string;
  note: string;
  createdAt: Date;
}

/** A cohort to save. */
export interface NewCohort extends CohortPlace {
  /** Checked by the caller; null deletes it. */
  definition: object | null;
  /** Who says so: a name or an email. */
  author: string;
  /** Why. */
  note?: string;
  /** Save only where this version is the newest; 0: where there is none yet. */
  ifVersion?: number | undefined;
}

/** The stored cohorts of projects. */
export interface CohortStore {
  /** The newest version of each that is not deleted, by name. */
  list(projectId: number): Promise<StoredCohort[]>;
  /** The newest version unless it is deleted, or the version that is named; undefined where there is none. */
  read(which: CohortPlace & { version?: number | undefined }): Promise<StoredCohort | undefined>;
  /** All versions, the newest first. */
  history(place: CohortPlace): Promise<StoredCohort[]>;
  /**
   * Adds a version and gives its number; what is there already is not saved again. Throws `DefinitionsError`
   * `stale_version` where `ifVersion` is not the newest, `unknown_project`, `invalid_field`.
   */
  save(cohort: NewCohort): Promise<{ version: number }>;
}
