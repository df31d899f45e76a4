import type { Definitions } from '@millrace/core/evaluation';

/** The environment of whoever names none. */
export const DEFAULT_ENVIRONMENT = 'production';

/** Which document is meant: a project has one for each of its environments. */
export interface DefinitionsPlace {
  projectId: number;
  environment: string;
}

/** A document to save. */
export interface NewDefinitions extends DefinitionsPlace {
  /** As people write it (spec/definitions.schema.json); its `version` and `environment` are set when it is saved. */
  document: unknown;
  /** Who says so: a name or an email. */
  author: string;
  /** Why. */
  note?: string;
  /** Save only where this version is the newest; 0: where there is none yet. */
  ifVersion?: number | undefined;
}

/** One entry of the history. */
export interface DefinitionsVersion {
  version: number;
  author: string;
  note: string;
  createdAt: Date;
}

/** A document as it was saved. */
export interface StoredDefinitions extends DefinitionsVersion {
  document: Definitions;
}

/** The newest documents of all projects and environments, as of `version` of the whole store. */
export interface CurrentDefinitions {
  version: number;
  documents: CurrentDocument[];
}

/** The newest document of one environment; `version` is the document's. */
export interface CurrentDocument extends DefinitionsPlace {
  version: number;
  document: Definitions;
}
