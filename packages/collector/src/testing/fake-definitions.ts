import type { Definitions } from '@millrace/core/evaluation';
import type { DefinitionsChange, DefinitionsSource } from '../variants/definitions-source.ts';

/** Definitions in memory, that can be away. */
export interface FakeDefinitions extends DefinitionsSource {
  /** Puts a document in place at once, and tells those who follow. */
  put(document: Definitions, projectId?: number): void;
  away: boolean;
  listeners(): number;
}

/** Definitions of project 7 unless another is named. A saved document is served after the next look. */
export function createFakeDefinitions(): FakeDefinitions {
  const served = new Map<string, Definitions>();
  const saved = new Map<string, Definitions>();
  const listeners = new Set<(change: DefinitionsChange) => void>();
  const nameOf = (projectId: number, environment: string): string => `${projectId}/${environment}`;

  const look = async (): Promise<void> => {
    for (const [name, document] of saved) {
      if (served.get(name) === document) continue;
      served.set(name, document);
      const [projectId, environment = ''] = name.split('/');
      for (const listener of listeners) {
        listener({ projectId: Number(projectId), environment, version: document.version });
      }
    }
  };
  const fake: FakeDefinitions = {
    away: false,
    put(document, projectId = 7) {
      saved.set(nameOf(projectId, document.environment ?? 'production'), document);
      void look();
    },
    listeners: () => listeners.size,
    current(projectId, environment) {
      if (fake.away) throw new Error('the database is away');
      return served.get(nameOf(projectId, environment));
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    refresh: look,
    lookAgain: look,
    documents: {
      async readDefinitions({ projectId, environment }) {
        if (fake.away) throw new Error('the database is away');
        const document = saved.get(nameOf(projectId, environment));
        return document && { version: document.version, document };
      },
      async saveDefinitions({ projectId, environment, document, ifVersion }) {
        const name = nameOf(projectId, environment);
        const version = saved.get(name)?.version ?? 0;
        if (version !== ifVersion) throw Object.assign(new Error('stale'), { code: 'stale_version' });
        saved.set(name, { ...document, version: version + 1 });
        return { version: version + 1 };
      },
    },
  };
  return fake;
}
