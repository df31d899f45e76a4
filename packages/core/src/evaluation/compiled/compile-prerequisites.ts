import type { Prerequisite } from '../definitions.ts';
import type { Term } from './compiled.ts';

/** The term that holds where all are met. */
export function compilePrerequisites(prerequisites: Prerequisite[]): Term {
  const terms = prerequisites.map(({ flag, values = [], experiment = '', variants = [] }): Term => {
    // Values of any type are compared by their JSON.
    return flag === undefined
      ? ['experiment', experiment, variants]
      : ['flag', flag, values.map((value) => JSON.stringify(value))];
  });
  return ['and', terms];
}
