import type { Definitions } from '@millrace/core/evaluation';
import { Compile } from 'typebox/schema';
import { checkCondition } from './check-condition.ts';
import { checkExperiment } from './check-experiment.ts';
import { checkFlag } from './check-flag.ts';
import { checkLayers } from './check-layers.ts';
import { checkReferences } from './check-references.ts';
import { checkText } from './check-text.ts';
import { type DefinitionsProblem, InvalidDefinitionsError, member } from './definitions-problem.ts';
import { definitionsSchema } from './definitions-schema.ts';

const compiled = Compile(definitionsSchema);

/**
 * The document, once everything in it is known to make sense: shapes, ranges, references, patterns, circles. Throws an
 * InvalidDefinitionsError that names each place with a problem and what was expected there.
 */
export function validateDefinitions(document: unknown): Definitions {
  const problems: DefinitionsProblem[] = [];
  const report = (path: string, message: string): void => {
    problems.push({ path, message });
  };
  checkText(document, '', report);
  // Everything below walks down the whole of it.
  if (problems.length > 0) throw new InvalidDefinitionsError(problems);
  if (!compiled.Check(document)) {
    const [, errors] = compiled.Errors(document);
    for (const { keyword, instancePath, message, params } of errors) {
      if (keyword === 'boolean') continue; // It repeats additionalProperties, which names the field.
      const names = Object.values(params)
        .flat()
        .filter((name) => typeof name === 'string');
      report(instancePath, keyword === 'additionalProperties' ? `has no field ${names.join(', ')}` : message);
    }
    throw new InvalidDefinitionsError(problems);
  }
  const definitions = document as Definitions;
  for (const [key, segment] of Object.entries(definitions.segments ?? {})) {
    checkCondition(segment, definitions, member('/segments', key), report);
  }
  for (const [key, flag] of Object.entries(definitions.flags)) {
    checkFlag(flag, definitions, member('/flags', key), report);
  }
  for (const [key, experiment] of Object.entries(definitions.experiments)) {
    checkExperiment(experiment, definitions, member('/experiments', key), report);
  }
  checkLayers(definitions, report);
  checkReferences(definitions, report);
  if (problems.length > 0) throw new InvalidDefinitionsError(problems);
  return definitions;
}
