import type { Json } from '@millrace/core';
import type { Condition, Prerequisite } from '@millrace/core/evaluation';
import { importCondition, NOBODY } from './import-condition.ts';
import type { ImportContext } from './import-context.ts';
import { importPrerequisites } from './import-prerequisites.ts';
import type { FeatureRule } from './payload.ts';
import { Unsupported } from './unsupported.ts';

/** Who a rule is for: its condition and prerequisites. What cannot be said keeps everybody out, and is warned of. */
export function importAudience(
  rule: FeatureRule,
  path: string,
  context: ImportContext,
): { if?: Condition; prerequisites?: Prerequisite[] } {
  return orNobody(context, () => {
    const prerequisites = importPrerequisites(
      rule.parentConditions ?? [],
      `${path}/parentConditions`,
      context,
    );
    return {
      ...(rule.condition !== undefined && {
        if: importCondition(rule.condition as Json, `${path}/condition`, context),
      }),
      ...(prerequisites.length > 0 && { prerequisites }),
    };
  });
}

/** What `use` makes, or a condition that nobody meets where that has no equivalent. */
function orNobody<T>(context: ImportContext, use: () => T): T | { if: Condition } {
  try {
    return use();
  } catch (error) {
    if (!(error instanceof Unsupported)) throw error;
    context.warn(error.path, `${error.message}; until that is put right, the rule is for nobody`);
    return { if: NOBODY };
  }
}
