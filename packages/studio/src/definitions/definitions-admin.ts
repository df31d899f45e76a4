/** Which document is meant. */
export interface DefinitionsPlace {
  projectId: number;
  environment: string;
}

/** One entry of the history. */
export interface DefinitionsVersion {
  version: number;
  author: string;
  note: string;
  createdAt: Date;
}

/**
 * The documents of flags and experiments, as the definitions' store has them. A method rejects with an error that has a
 * `code` where the caller can put it right, and `problems` where the document is wrong.
 */
export interface DefinitionsAdmin {
  listProjects(): Promise<{ projectId: number; name: string }[]>;
  readDefinitions(
    which: DefinitionsPlace & { version?: number | undefined },
  ): Promise<(DefinitionsVersion & { document: object }) | undefined>;
  listDefinitions(place: DefinitionsPlace): Promise<DefinitionsVersion[]>;
  saveDefinitions(
    definitions: DefinitionsPlace & {
      document: unknown;
      author: string;
      note?: string;
      ifVersion?: number | undefined;
    },
  ): Promise<{ version: number }>;
}
