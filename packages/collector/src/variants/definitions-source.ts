import type { Definitions } from '@millrace/core/evaluation';

/** That a project's document for an environment is another now. */
export interface DefinitionsChange {
  projectId: number;
  environment: string;
  version: number;
}

/** What people wrote, kept with its history. Methods throw what the database throws while it is away. */
export interface DefinitionsDocuments {
  /** The newest document; undefined where there is none. */
  readDefinitions(of: {
    projectId: number;
    environment: string;
  }): Promise<{ version: number; document: Definitions } | undefined>;
  /** Keeps a new version, and resolves once that is durable. Throws an error with `code: 'stale_version'` unless the newest is `ifVersion`. */
  saveDefinitions(change: {
    projectId: number;
    environment: string;
    document: Definitions;
    author: string;
    note: string;
    ifVersion: number;
  }): Promise<{ version: number }>;
}

/** Definitions documents, in memory and where they are kept. */
export interface DefinitionsSource {
  /**
   * The newest document of a project and environment, the same object until there is a newer one; undefined where
   * there is none. Throws while nothing could be read yet. Must be quick.
   */
  current(projectId: number, environment: string): Definitions | undefined;
  /** Calls `listener` at each change until the returned function is called. */
  subscribe(listener: (change: DefinitionsChange) => void): () => void;
  /** Looks for a newer document now. */
  refresh(): Promise<void>;
  /** The same for a caller who names what is not here: seldom, however often it is called. */
  lookAgain(): Promise<void>;
  documents: DefinitionsDocuments;
}

/** The environment of a request that names none. */
export const PRODUCTION = 'production';
