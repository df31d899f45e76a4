import { stringifyWellFormed } from '@millrace/core';
import type { Definitions } from '@millrace/core/evaluation';
import type { Evaluations } from '@millrace/core/variants';

/** What a server evaluates for the visitor. */
export interface Remote {
  evaluations(): Evaluations | undefined;
  /**
   * Asks for what only the collector may evaluate, unless it was asked for this visitor under these definitions. Of
   * another visitor, or under other definitions, everything else that a server evaluated counts no longer. Never rejects.
   */
  ask(definitions: Definitions | undefined, subject: object, isOther: boolean): Promise<void>;
}

/** Answers of `url`, beginning with those that the page was made with. `onAnswer` is told of others. */
export function createRemote(
  url: string,
  writeKey: string,
  evaluations: Evaluations | undefined,
  onAnswer: () => void,
): Remote {
  let asked = '';
  let answered = Promise.resolve();

  const fetchAnswer = async (body: string, question: string): Promise<void> => {
    try {
      const response = await fetch(url, { method: 'POST', body, credentials: 'omit' });
      const { version, experiments, flags } = (await response.json()) as Evaluations;
      if (!response.ok) throw 0;
      // The visitor may have changed meanwhile.
      if (asked !== question) return;
      evaluations = {
        version,
        experiments: { ...evaluations?.experiments, ...experiments },
        flags: { ...evaluations?.flags, ...flags },
      };
      onAnswer();
    } catch {
      // Asked again at the next occasion.
      if (asked === question) asked = '';
    }
  };

  return {
    evaluations: () => evaluations,
    async ask(definitions, subject, isOther) {
      if (!definitions) return;
      const { remote: keys = [], version } = definitions;
      const only = <Value>(record: { [key: string]: Value }): { [key: string]: Value } =>
        Object.fromEntries(Object.entries(record).filter(([key]) => keys.includes(key)));
      if (evaluations && (isOther || version !== evaluations.version)) {
        evaluations = { version, experiments: only(evaluations.experiments), flags: only(evaluations.flags) };
      }
      if (!keys[0]) return;
      try {
        const body = stringifyWellFormed({ writeKey, ...subject, keys });
        const question = body + version;
        if (asked !== question) {
          asked = question;
          answered = fetchAnswer(body, question);
        }
        await answered;
      } catch {
        // Attributes that are no JSON.
      }
    },
  };
}
