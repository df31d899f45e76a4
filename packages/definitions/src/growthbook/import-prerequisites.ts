import { isDeepStrictEqual } from 'node:util';
import type { Json } from '@millrace/core';
import type { Prerequisite } from '@millrace/core/evaluation';
import { member } from '../document/definitions-problem.ts';
import type { ImportContext } from './import-context.ts';
import type { ParentCondition, Payload } from './payload.ts';
import { Unsupported } from './unsupported.ts';

/** What other features must be for a rule or a flag; by their values one by one. Throws `Unsupported`. */
export function importPrerequisites(
  parents: readonly ParentCondition[],
  path: string,
  context: ImportContext,
): Prerequisite[] {
  return parents.flatMap(({ id, condition = {} }, i) => {
    const at = member(path, i);
    if (Object.keys(condition).length === 0) return [];
    if (!Object.hasOwn(context.payload.features, id)) throw new Unsupported(at, `there is no feature ${id}`);
    const { value: wanted, ...others } = condition;
    if (wanted === undefined || Object.keys(others).length > 0) {
      throw new Unsupported(`${at}/condition`, 'has no equivalent: expected a condition on value');
    }
    const values = valuesOf(id, context.payload).filter((value) =>
      answers(value, wanted, `${at}/condition/value`),
    );
    if (values.length === 0)
      throw new Unsupported(`${at}/condition`, `no value of the feature ${id} answers to it`);
    return [{ flag: context.flags.nameOf(id, member('/features', id)), values }];
  });
}

/** Every value that a feature may have. */
function valuesOf(id: string, { features }: Payload): Json[] {
  const { defaultValue, rules = [] } = features[id] ?? {};
  const all = [defaultValue, ...rules.flatMap(({ force, variations = [] }) => [force, ...variations])];
  const values: Json[] = [];
  for (const value of all) {
    if (value !== undefined && value !== null && !values.some((known) => isDeepStrictEqual(known, value))) {
      values.push(value);
    }
  }
  return values;
}

function answers(value: Json, wanted: Json, path: string): boolean {
  if (typeof wanted !== 'object' || wanted === null) return value === wanted;
  if (Array.isArray(wanted)) return isDeepStrictEqual(value, wanted);
  return Object.entries(wanted).every(([operator, given]) => {
    const list = Array.isArray(given) ? given : [];
    switch (operator) {
      case '$exists':
        return !!given;
      case '$eq':
        return value === given;
      case '$ne':
        return value !== given;
      case '$in':
        return list.includes(value);
      case '$nin':
        return !list.includes(value);
      default:
        throw new Unsupported(path, `has no equivalent: ${operator} on the value of a feature`);
    }
  });
}
