import type { Condition, Definitions, Prerequisite } from '@millrace/core/evaluation';
import { member, type Report } from './definitions-problem.ts';

/** Notes prerequisites that are not there, and circles among prerequisites and among segments. */
export function checkReferences(definitions: Definitions, report: Report): void {
  const needs = new Map<string, string[]>();
  const collect = (kind: 'flags' | 'experiments'): void => {
    const parts: { [key: string]: { prerequisites?: Prerequisite[] } } = definitions[kind];
    for (const [key, { prerequisites = [] }] of Object.entries(parts)) {
      const path = member(`/${kind}`, key);
      needs.set(
        path,
        prerequisites.flatMap((one, i) =>
          checkPrerequisite(one, definitions, `${path}/prerequisites/${i}`, report),
        ),
      );
    }
  };
  collect('flags');
  collect('experiments');
  for (const [key, flag] of Object.entries(definitions.flags)) {
    const path = member('/flags', key);
    for (const { experiment } of flag.rules ?? []) {
      if (experiment !== undefined) needs.get(path)?.push(member('/experiments', experiment));
    }
  }
  reportCircles(needs, report);

  const segments = Object.entries(definitions.segments ?? {});
  reportCircles(
    new Map(segments.map(([key, condition]) => [member('/segments', key), segmentsOf(condition)])),
    report,
  );
}

function checkPrerequisite(
  { flag, values, experiment, variants }: Prerequisite,
  definitions: Definitions,
  path: string,
  report: Report,
): string[] {
  if (!(flag !== undefined && values) && !(experiment !== undefined && variants)) {
    report(path, 'must have flag and values, or experiment and variants');
    return [];
  }
  const [kind, key] =
    flag !== undefined ? (['flag', flag] as const) : (['experiment', experiment as string] as const);
  if (Object.hasOwn(definitions[`${kind}s`], key)) return [member(`/${kind}s`, key)];
  report(`${path}/${kind}`, `there is no ${kind} ${key}`);
  return [];
}

function segmentsOf(condition: Condition): string[] {
  if ('all' in condition) return condition.all.flatMap(segmentsOf);
  if ('any' in condition) return condition.any.flatMap(segmentsOf);
  if ('not' in condition) return segmentsOf(condition.not);
  return 'segment' in condition ? [member('/segments', condition.segment)] : [];
}

/** Notes each node from which a walk comes back to it. */
function reportCircles(needs: Map<string, string[]>, report: Report): void {
  for (const start of needs.keys()) {
    const seen = new Set<string>();
    const waiting = [...(needs.get(start) ?? [])];
    for (let path = waiting.pop(); path !== undefined && !seen.has(start); path = waiting.pop()) {
      if (seen.has(path)) continue;
      seen.add(path);
      waiting.push(...(needs.get(path) ?? []));
    }
    if (seen.has(start)) report(start, 'depends on itself');
  }
}
