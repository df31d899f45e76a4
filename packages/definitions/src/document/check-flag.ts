import type { Json } from '@millrace/core';
import type { Definitions, Flag, FlagRule } from '@millrace/core/evaluation';
import { checkCondition } from './check-condition.ts';
import { checkSchedule, checkTraffic } from './check-experiment.ts';
import { member, type Report } from './definitions-problem.ts';

/** Notes what is wrong with a flag whose fields have the right types. */
export function checkFlag(flag: Flag, definitions: Definitions, path: string, report: Report): void {
  const checkValue = (value: Json | undefined, at: string): void => {
    if (value !== undefined && (typeof value !== flag.type || value === null)) {
      report(at, `must be of the flag's type, ${flag.type}`);
    }
  };
  checkValue(flag.default, `${path}/default`);
  for (const [i, rule] of (flag.rules ?? []).entries()) {
    const at = `${path}/rules/${i}`;
    checkSchedule(rule, at, report);
    if (rule.if) checkCondition(rule.if, definitions, `${at}/if`, report);
    if (rule.rollout) checkTraffic(rule.rollout, `${at}/rollout`, report);
    checkValue(rule.value, `${at}/value`);
    for (const [variant, value] of Object.entries(rule.values ?? {}))
      checkValue(value, member(`${at}/values`, variant));
    checkOutcome(rule, definitions, at, report);
  }
}

function checkOutcome(rule: FlagRule, definitions: Definitions, path: string, report: Report): void {
  if ((rule.value === undefined) === (rule.experiment === undefined)) {
    report(path, 'must have one of value and experiment');
  } else if (rule.experiment !== undefined && !Object.hasOwn(definitions.experiments, rule.experiment)) {
    report(`${path}/experiment`, `there is no experiment ${rule.experiment}`);
  }
  if (rule.values && rule.experiment === undefined) report(`${path}/values`, 'are those of an experiment');
}
