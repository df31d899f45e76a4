import type { Random } from '../../ports.ts';
import type { Condition, Definitions, Experiment, Flag, FlagRule, Prerequisite } from '../definitions.ts';
import type { EvaluationContext } from '../evaluation.ts';

/** A document of which some is for the server alone; every text of that part, but for keys, begins with `secret`. */
export interface RandomDefinitions {
  definitions: Definitions;
  /** Keys of the flags and experiments that are not for clients. */
  hidden: string[];
  shown: string[];
  /** A caller, with values that the conditions of the document ask for. */
  randomContext(): EvaluationContext;
}

interface Group {
  secret: boolean;
  attributes: string[];
  values: string[];
  segments: string[];
  flags: string[];
  experiments: string[];
}

/** Makes a valid document and callers for it, of a seed. */
export function randomDefinitions(random: Random): RandomDefinitions {
  const below = (limit: number): number => Math.floor(random.next() * limit);
  const pick = <Item>(items: readonly Item[]): Item => items[below(items.length)] as Item;
  const chance = (share: number): boolean => random.next() < share;
  const several = <Item>(most: number, make: (index: number) => Item): Item[] =>
    Array.from({ length: below(most + 1) }, (_, index) => make(index));
  let made = 0;
  const text = (group: Group, what: string): string =>
    `${group.secret ? 'secret' : 'shown'}-${what}-${++made}`;

  const group = (secret: boolean): Group => ({
    secret,
    attributes: [],
    values: [],
    segments: [],
    flags: [],
    experiments: [],
  });
  const shown = group(false);
  const secret = group(true);
  for (let i = 0; i < 3; i++) {
    shown.attributes.push(text(shown, 'attribute'));
    secret.attributes.push(text(secret, 'attribute'));
  }
  const definitions: Definitions = {
    format: 1,
    version: 1 + below(1_000),
    environment: 'production',
    flags: {},
    experiments: {},
    segments: {},
    layers: { 'shown-layer': { salt: 'shown-l' }, 'secret-layer': { salt: 'secret-l' } },
    holdouts: {
      'shown-holdout': { salt: 'shown-h', start: 0, end: 1_000 },
      'secret-holdout': { salt: 'secret-h', start: 0, end: 1_000 },
    },
    attributes: {
      ...Object.fromEntries(shown.attributes.map((name) => [name, {}])),
      ...Object.fromEntries(secret.attributes.map((name) => [name, { serverOnly: true }])),
    },
  };

  const compare = (of: Group, attribute: string): Condition => {
    const value = text(of, 'value');
    of.values.push(value);
    const forms: Condition[] = [
      { attribute, op: 'equals', value },
      { attribute, op: 'in', value: [value, text(of, 'value')] },
      { attribute, op: 'startsWith', value },
      { attribute, op: 'exists' },
      { not: { attribute, op: 'equals', value } },
    ];
    return pick(forms);
  };
  /** A condition of the group; one of the secret group needs the server, be it by way of a segment. */
  const condition = (of: Group, depth = 0): Condition => {
    const own = (): Condition =>
      of.segments.length > 0 && chance(0.4)
        ? { segment: pick(of.segments) }
        : compare(of, pick(of.attributes));
    if (depth > 2 || chance(0.5)) return own();
    const beside = several(2, () => condition(chance(0.5) ? of : shown, depth + 1));
    const all = [...beside, of.secret ? own() : condition(of, depth + 1)];
    return chance(0.5) ? { all } : { any: all };
  };
  const addSegment = (of: Group): void => {
    const key = text(of, 'segment');
    (definitions.segments as { [key: string]: Condition })[key] = condition(of);
    of.segments.push(key);
  };

  const prerequisites = (of: Group): Prerequisite[] => {
    const choices: Prerequisite[] = [
      ...of.flags.map((flag) => ({ flag, values: [chance(0.5)] })),
      ...of.experiments.map((key) => ({ experiment: key, variants: [pick(['control', 'b'])] })),
    ];
    return choices.length > 0 ? [pick(choices)] : [];
  };
  const anySecret = (): boolean => secret.flags.length + secret.experiments.length > 0;

  const experiment = (
    of: Group,
    needsServer: 'if' | 'targeted' | 'prerequisite' | 'unit' | undefined,
  ): Experiment => {
    const name = of.secret ? 'secret' : 'shown';
    return {
      bucketingVersion: 1,
      enabled: chance(0.9),
      ...(needsServer === 'unit' && { unitType: pick(secret.attributes) }),
      ...(chance(0.3) && { forced: [{ variant: 'b', units: [text(of, 'unit')] }] }),
      ...(chance(0.2) && { holdouts: [`${name}-holdout`] }),
      ...(chance(0.2) && { layer: { key: `${name}-layer`, ranges: [{ start: 0, end: 7_000 }] } }),
      if: condition(needsServer === 'if' ? secret : shown),
      targeted: [{ variant: 'b', if: condition(needsServer === 'targeted' ? secret : shown) }],
      prerequisites: prerequisites(needsServer === 'prerequisite' ? secret : shown),
      phases: [
        {
          number: 1,
          trafficSalt: text(of, 'salt'),
          variantSalt: text(of, 'salt'),
          traffic: { start: 0, end: 8_000 },
          variants: [
            { start: 0, end: 5_000, variant: 'control' },
            { start: 5_000, end: 10_000, variant: 'b' },
          ],
        },
      ],
      payloads: { b: { text: text(of, 'payload') } },
    };
  };

  const flag = (
    of: Group,
    needsServer: 'rule' | 'experiment' | 'prerequisite' | 'unit' | undefined,
  ): Flag => {
    const rules: FlagRule[] = several(2, () => ({ if: condition(shown), value: chance(0.5) }));
    if (needsServer === 'rule') rules.push({ if: condition(secret), value: true });
    if (needsServer === 'experiment')
      rules.push({ experiment: pick(secret.experiments), values: { b: true } });
    const rollout = { salt: text(of, 'salt'), start: 0, end: 5_000 };
    if (needsServer === 'unit')
      rules.push({ rollout: { ...rollout, unitType: pick(secret.attributes) }, value: true });
    else if (chance(0.3)) rules.push({ rollout, value: true });
    if (shown.experiments.length > 0 && chance(0.4)) {
      rules.push({ experiment: pick(shown.experiments), values: { b: true, control: false } });
    }
    return {
      type: 'boolean',
      enabled: chance(0.9),
      default: chance(0.5),
      prerequisites: prerequisites(needsServer === 'prerequisite' ? secret : shown),
      rules,
    };
  };

  const addOne = (index: number): void => {
    const of = chance(0.5) ? secret : shown;
    if (chance(0.5)) {
      const ways = ['if', 'targeted', 'unit', ...(anySecret() ? ['prerequisite'] : [])] as const;
      const key = `experiment-${index}`;
      definitions.experiments[key] = experiment(of, of.secret ? pick(ways as readonly 'if'[]) : undefined);
      of.experiments.push(key);
    } else {
      const ways = [
        'rule',
        'unit',
        ...(anySecret() ? ['prerequisite'] : []),
        ...(secret.experiments.length > 0 ? ['experiment'] : []),
      ] as const;
      const key = `flag-${index}`;
      definitions.flags[key] = flag(of, of.secret ? pick(ways as readonly 'rule'[]) : undefined);
      of.flags.push(key);
    }
  };

  for (let i = 0; i < 3; i++) {
    addSegment(shown);
    addSegment(secret);
  }
  for (let i = 0; i < 12; i++) addOne(i);

  return {
    definitions,
    hidden: [...secret.flags, ...secret.experiments],
    shown: [...shown.flags, ...shown.experiments],
    randomContext: () => ({
      units: { anonymousId: `unit-${below(1_000)}`, ...(chance(0.5) && { userId: below(1_000) }) },
      attributes: Object.fromEntries(
        [...shown.attributes, ...secret.attributes].map((name) => [
          name,
          chance(0.7) ? pick([...shown.values, ...secret.values]) : undefined,
        ]),
      ),
      now: 1_800_000_000_000,
    }),
  };
}
