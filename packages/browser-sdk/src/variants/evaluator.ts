import {
  type CompiledDefinitions,
  compareByRule,
  createCompiledEvaluator,
  type Evaluator,
} from '@millrace/core/evaluation';

/** An evaluator of definitions as `/v1/definitions?compiled=1` gives them, which loads nothing. It never throws. */
export function createEvaluator(definitions: CompiledDefinitions): Evaluator {
  return createCompiledEvaluator(definitions, compareByRule);
}
