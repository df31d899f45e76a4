import { randomBytes } from 'node:crypto';
import { HttpError } from '../../http/http-error.ts';
import { type DefinitionsDocuments, PRODUCTION } from '../definitions-source.ts';
import { emptyDefinitions } from '../served-definitions.ts';
import { keyOf, planExperiment, type TestPlan } from './test-plan.ts';

/** How often a document that somebody else has changed meanwhile is read and changed again. */
const ATTEMPTS = 10;

/** Adds a test to the project's document, and resolves with its key once that is durable. Throws 503. */
export async function createTest(
  documents: DefinitionsDocuments,
  projectId: number,
  plan: TestPlan,
): Promise<string> {
  const experiment = planExperiment(plan, () => randomBytes(8).toString('hex'));
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const of = { projectId, environment: PRODUCTION };
    const current = await documents.readDefinitions(of);
    const document = current?.document ?? emptyDefinitions(PRODUCTION);
    const key = keyOf(
      plan.name,
      (name) => Object.hasOwn(document.experiments, name) || Object.hasOwn(document.flags, name),
    );
    try {
      await documents.saveDefinitions({
        ...of,
        document: { ...document, experiments: { ...document.experiments, [key]: experiment } },
        author: 'POST /tests',
        note: plan.name,
        ifVersion: current?.version ?? 0,
      });
      return key;
    } catch (error) {
      if (!isStale(error)) throw error;
    }
  }
  throw new HttpError(503, 'definitions_busy', 'the definitions change too fast', { retryAfterMs: 1_000 });
}

function isStale(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'stale_version';
}
