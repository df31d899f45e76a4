import { stringifyWellFormed } from '@millrace/core';
import type { EvaluationContext, StickyAssignment } from '@millrace/core/evaluation';
import type { Evaluations } from '@millrace/core/variants';
import type { DefinitionsFeed } from './feed.ts';

/** What only the collector may evaluate. */
export interface Remote {
  /** Its answers for the visitor, by the definitions of when it was asked. */
  answers(): Evaluations | undefined;
  /** Asks, unless it was asked the same under the same definitions. Never rejects. */
  ask(): Promise<void>;
}

/**
 * Answers of `url` for the keys that the definitions of `feed` leave to the collector. It is asked while `maySend` says so,
 * for whoever `subject` says, with what `stickyOf` says that a unit was first given. `onAnswer` is told of answers.
 */
export function createRemote(
  url: string,
  writeKey: string,
  feed: DefinitionsFeed,
  maySend: () => boolean,
  subject: () => Pick<EvaluationContext, 'units' | 'attributes'>,
  stickyOf: (experiment: string, unit: string) => StickyAssignment | undefined,
  onAnswer: () => void,
): Remote {
  let asked = '';
  let answered: Promise<void> | undefined;
  let answers: Evaluations | undefined;

  const fetchAnswers = async (body: string, question: string): Promise<void> => {
    try {
      const response = await fetch(url, { method: 'POST', body, credentials: 'omit' });
      const found = await response.json();
      if (!response.ok) throw 0;
      // The visitor may have changed meanwhile.
      if (asked !== question) return;
      answers = found;
      onAnswer();
    } catch {
      // Asked again at the next occasion.
      if (asked === question) asked = '';
    }
  };

  return {
    answers: () => answers,
    async ask() {
      const { remote: keys = [], version } = feed.evaluator();
      if (!keys[0] || !maySend()) return;
      const { units, attributes } = subject();
      const sticky: { [experiment: string]: StickyAssignment } = {};
      for (const key of keys) {
        for (const unit of Object.values(units)) {
          const given = unit && stickyOf(key, `${unit}`);
          if (given) sticky[key] = given;
        }
      }
      try {
        const body = stringifyWellFormed({ writeKey, units, attributes, sticky, keys });
        const question = body + version;
        if (asked !== question) {
          asked = question;
          answered = fetchAnswers(body, question);
        }
        await answered;
      } catch {
        // Attributes that are no JSON.
      }
    },
  };
}
