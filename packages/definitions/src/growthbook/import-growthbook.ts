import type { Definitions, Flag } from '@millrace/core/evaluation';
import { type DefinitionsProblem, InvalidDefinitionsError, member } from '../document/definitions-problem.ts';
import { validateDefinitions } from '../document/validate-definitions.ts';
import { createContext, documentOf } from './import-context.ts';
import { importFeature } from './import-feature.ts';
import { readPayload } from './read-payload.ts';

/** A document made from a payload of GrowthBook's, and what of the payload is not quite in it. */
export interface ImportedDefinitions {
  document: Definitions;
  /** What has no equivalent or is not the same, each with its place in the payload. */
  warnings: DefinitionsProblem[];
}

/**
 * Makes a definitions document from what GrowthBook's API gives its SDKs (`GET /api/features/<key>`). Whatever has no
 * equivalent is a warning, and never widens who gets something: a rule whose condition cannot be said is for nobody. Units
 * are drawn anew, with salts that are the same at each import. `units` says which unit type a hash attribute is, as in
 * `{ id: 'userId' }`. Throws an InvalidDefinitionsError, with paths of the payload, for what is no such payload.
 */
export function importGrowthBook(
  payload: unknown,
  { units = {} }: { units?: { [attribute: string]: string } } = {},
): ImportedDefinitions {
  const given = readPayload(payload);
  const warnings: DefinitionsProblem[] = [];
  const warn = (path: string, message: string): void => {
    warnings.push({ path, message });
  };
  const context = createContext(given, units, warn);
  const flags = new Map<string, Flag>();
  for (const [key, feature] of Object.entries(given.features)) {
    flags.set(context.flags.nameOf(key, member('/features', key)), importFeature(key, feature, context));
  }
  for (const i of given.experiments.keys()) {
    warn(`/experiments/${i}`, 'has no equivalent: an experiment of the visual editor or of redirects');
  }
  const document = documentOf(context, Object.fromEntries(flags));
  switchOffCircles(document, warn);
  return { document: validateDefinitions(document), warnings };
}

/** In GrowthBook a feature that depends on itself has no value: here it is off, and depends on nothing. */
function switchOffCircles(document: Definitions, warn: (path: string, message: string) => void): void {
  try {
    validateDefinitions(document);
  } catch (error) {
    if (!(error instanceof InvalidDefinitionsError)) throw error;
    for (const { path, message } of error.problems) {
      const [, kind = '', key = ''] = path.split('/');
      const part = kind === 'flags' ? document.flags[key] : document.experiments[key];
      if (!part || !message.includes('itself')) continue;
      part.enabled = false;
      delete part.prerequisites;
      warn(path, 'depends on itself: it is off');
    }
  }
}
