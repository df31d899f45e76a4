import type { Comparison, Condition, Definitions, Experiment, Flag, Prerequisite } from './definitions.ts';
import { own } from './evaluation.ts';

interface Table<Value> {
  [key: string]: Value;
}

/**
 * What of a document anyone may read: without the flags and experiments that need an attribute or a unit type marked
 * `serverOnly`, by themselves or by a segment, a prerequisite or an experiment that they name; without those that the
 * document itself lists in `remote`; and without the segments, layers and holdouts that only those use. `remote` names
 * what was left out. Everything else evaluates as with the whole document. What depends on itself is left out as well,
 * and so is what asks by a comparison that `isBeyond` the client.
 */
export function clientPart(
  definitions: Definitions,
  isBeyond: (comparison: Comparison) => boolean = () => false,
): Definitions {
  const { format, version, environment, segments, layers, holdouts } = definitions;
  const isHidden = findHidden(definitions, isBeyond);
  const flags = without(definitions.flags, isHidden.flag);
  const experiments = without(definitions.experiments, isHidden.experiment);
  const kept = Object.values(experiments);
  const layersInUse = new Set(kept.map(({ layer }) => layer?.key));
  const holdoutsInUse = new Set(kept.flatMap((experiment) => experiment.holdouts ?? []));
  const segmentsInUse = findSegments([...Object.values(flags), ...kept].flatMap(conditionsOf), segments);
  const remote = [
    ...(definitions.remote ?? []),
    ...Object.keys(definitions.flags).filter(isHidden.flag),
    ...Object.keys(definitions.experiments).filter(isHidden.experiment),
  ];
  return {
    format,
    version,
    ...(environment !== undefined && { environment }),
    flags,
    experiments,
    layers: without(layers, (key) => !layersInUse.has(key)),
    holdouts: without(holdouts, (key) => !holdoutsInUse.has(key)),
    segments: without(segments, (key) => !segmentsInUse.has(key)),
    remote: [...new Set(remote)].sort(),
  };
}

/** Which flags and experiments are not for clients. */
function findHidden(
  definitions: Definitions,
  isBeyond: (comparison: Comparison) => boolean,
): { [kind in 'flag' | 'experiment']: (key: string) => boolean } {
  const { attributes, segments, holdouts, layers, flags, experiments } = definitions;
  const remote = new Set(definitions.remote);
  const isServerOnly = (name: string | undefined): boolean =>
    name !== undefined && own(attributes, name)?.serverOnly === true;

  const needsServer = (condition: Condition): boolean => {
    if ('all' in condition) return condition.all.some(needsServer);
    if ('any' in condition) return condition.any.some(needsServer);
    if ('not' in condition) return needsServer(condition.not);
    if ('segment' in condition) return segment(condition.segment);
    return isServerOnly(condition.attribute) || isBeyond(condition);
  };
  const segment = remember((key) => {
    const condition = own(segments, key);
    return condition !== undefined && needsServer(condition);
  });
  const rests = ({ prerequisites = [] }: { prerequisites?: Prerequisite[] }): boolean =>
    prerequisites.some((one) => (one.flag !== undefined ? flag(one.flag) : experiment(one.experiment ?? '')));

  const flag = remember((key) => {
    const found = own(flags, key);
    if (!found || remote.has(key)) return remote.has(key);
    const rules = found.rules ?? [];
    return (
      rests(found) ||
      conditionsOf(found).some(needsServer) ||
      rules.some(
        (rule) =>
          isServerOnly(rule.rollout?.unitType) ||
          (rule.experiment !== undefined && experiment(rule.experiment)),
      )
    );
  });
  const experiment = remember((key) => {
    const found = own(experiments, key);
    if (!found || remote.has(key)) return remote.has(key);
    const unitTypes = [
      found.unitType,
      found.layer && own(layers, found.layer.key)?.unitType,
      ...(found.holdouts ?? []).map((name) => own(holdouts, name)?.unitType),
    ];
    return rests(found) || unitTypes.some(isServerOnly) || conditionsOf(found).some(needsServer);
  });
  return { flag, experiment };
}

/** Answers each key once. A key that is asked for while it is being answered depends on itself: true. */
function remember(answer: (key: string) => boolean): (key: string) => boolean {
  const answers = new Map<string, boolean>();
  return (key) => {
    const known = answers.get(key);
    if (known !== undefined) return known;
    answers.set(key, true);
    const found = answer(key);
    answers.set(key, found);
    return found;
  };
}

function conditionsOf(definition: Flag | Experiment): Condition[] {
  const found =
    'phases' in definition
      ? [definition.if, ...(definition.targeted ?? []).map((rule) => rule.if)]
      : (definition.rules ?? []).map((rule) => rule.if);
  return found.filter((condition) => condition !== undefined);
}

/** The segments that conditions name, also by way of other segments. */
function findSegments(conditions: Condition[], segments: Table<Condition> | undefined): Set<string> {
  const found = new Set<string>();
  const waiting = [...conditions];
  for (let next = waiting.pop(); next; next = waiting.pop()) {
    if ('all' in next) waiting.push(...next.all);
    else if ('any' in next) waiting.push(...next.any);
    else if ('not' in next) waiting.push(next.not);
    else if ('segment' in next && !found.has(next.segment)) {
      found.add(next.segment);
      const inner = own(segments, next.segment);
      if (inner) waiting.push(inner);
    }
  }
  return found;
}

function without<Value>(table: Table<Value> = {}, isLeftOut: (key: string) => boolean): Table<Value> {
  return Object.fromEntries(Object.entries(table).filter(([key]) => !isLeftOut(key)));
}
