import type { Random } from '../../ports.ts';
import type { Condition, Definitions, Experiment, FlagRule, Operator, Traffic } from '../definitions.ts';
import type { EvaluationContext } from '../evaluation.ts';

const DAY_MS = 86_400_000;
const NOW = 1_800_000_000_000;
const VERSIONS = ['1.2.3', '1.2', 'v2.0.0-rc.1', '2.0.0-rc.beta', '2.0.0', '10.0.0+5', 'none'];
const TEXTS = ['', 'a', 'ab', 'b1', 'böse', '\u{1f600}', ...VERSIONS];
const PATTERNS = ['^a', 'b$', '[0-9]+', 'a|ö', '^(a|b)*$', '.'];
const NUMBERS = [-1, 0, 1, 1.5, 2, NOW];

/** A document of every operator, ramp, schedule, sticky and phase, and callers for it. */
export function randomRules(random: Random): {
  definitions: Definitions;
  randomContext(): EvaluationContext;
} {
  const below = (limit: number): number => Math.floor(random.next() * limit);
  const pick = <Item>(items: readonly Item[]): Item => items[below(items.length)] as Item;
  const chance = (share: number): boolean => random.next() < share;
  const day = (): string => new Date(NOW + (below(20) - 10) * DAY_MS).toISOString();
  const schedule = () => ({ ...(chance(0.3) && { startsAt: day() }), ...(chance(0.3) && { endsAt: day() }) });
  const traffic = (): Traffic => ({
    start: pick([0, 2000]),
    end: pick([5000, 10_000]),
    ...(chance(0.5) && { ramp: [1, 2, 3].map(() => ({ at: day(), end: 2001 + below(7999) })) }),
  });

  const compare = (): Condition => {
    const attribute = pick(['x', 'y', 'z']);
    const op = pick<Operator>([
      'equals',
      'in',
      'lt',
      'lte',
      'gt',
      'gte',
      'before',
      'after',
      'exists',
      'matches',
    ]);
    if (chance(0.3)) {
      const semver = pick<Operator>(['semverEq', 'semverLt', 'semverLte', 'semverGt', 'semverGte']);
      return { attribute, op: semver, value: pick(VERSIONS) };
    }
    if (chance(0.2)) {
      return { attribute, op: pick<Operator>(['contains', 'startsWith', 'endsWith']), value: pick(TEXTS) };
    }
    if (op === 'exists') return { attribute, op };
    if (op === 'matches') return { attribute, op, value: pick(PATTERNS) };
    if (op === 'in') return { attribute, op, value: [pick(TEXTS), pick(NUMBERS), true] };
    if (op === 'before' || op === 'after') return { attribute, op, value: day() };
    return { attribute, op, value: op === 'equals' ? pick([...TEXTS, ...NUMBERS, true]) : pick(NUMBERS) };
  };
  const condition = (depth = 0): Condition => {
    if (depth > 2 || chance(0.6)) return chance(0.2) ? { segment: pick(['s', 't']) } : compare();
    if (chance(0.3)) return { not: condition(depth + 1) };
    const some = Array.from({ length: below(3) }, () => condition(depth + 1));
    return chance(0.5) ? { all: some } : { any: some };
  };

  const phase = (number: number) => ({
    number,
    trafficSalt: `t${number}`,
    variantSalt: `v${number}`,
    traffic: traffic(),
    variants: [
      { start: 0, end: 4000, variant: 'control' },
      { start: 4000, end: pick([9000, 10_000]), variant: 'b' },
    ],
    ...schedule(),
    ...(chance(0.3) && { forgetSticky: true }),
  });
  const experiment = (): Experiment => ({
    bucketingVersion: chance(0.95) ? 1 : 2,
    enabled: chance(0.95),
    ...(chance(0.3) && { unitType: 'userId' }),
    ...(chance(0.3) && { forced: [{ variant: 'b', units: ['1', '2', 'u3'] }] }),
    ...(chance(0.5) && { if: condition() }),
    ...(chance(0.3) && { targeted: [{ variant: 'b', if: condition() }] }),
    ...(chance(0.3) && { holdouts: ['h'] }),
    ...(chance(0.3) && {
      layer: {
        key: 'l',
        ranges: [
          { start: 0, end: 3000 },
          { start: 5000, end: 9000 },
        ],
      },
    }),
    ...(chance(0.5) && { sticky: chance(0.8) }),
    phases: [phase(1), phase(2), phase(3)].slice(0, 1 + below(3)),
    ...(chance(0.5) && { payloads: { b: pick<never[] | string | number>([[], 'p', 1]) } }),
  });
  const rule = (): FlagRule => ({
    ...schedule(),
    ...(chance(0.5) && { if: condition() }),
    ...(chance(0.4) && { rollout: { salt: 'r', ...traffic(), ...(chance(0.3) && { unitType: 'userId' }) } }),
    ...(chance(0.5)
      ? { value: pick(['text', 1]) }
      : {
          experiment: pick(['e0', 'e1', 'e2']),
          ...(chance(0.5) && { values: { b: 'of b', control: 'of control' } }),
        }),
  });

  const experiments = Object.fromEntries(['e0', 'e1', 'e2'].map((key) => [key, experiment()]));
  const flag = () => ({
    type: 'string' as const,
    enabled: chance(0.95),
    ...(chance(0.5) && { default: 'otherwise' }),
    ...(chance(0.3) && { prerequisites: [{ experiment: 'e0', variants: ['b'] }] }),
    rules: [rule(), rule(), rule()].slice(below(3)),
  });
  return {
    definitions: {
      format: 1,
      version: 1,
      segments: { s: compare(), t: { not: { segment: 's' } } },
      layers: { l: { salt: 'l' } },
      holdouts: { h: { salt: 'h', start: 0, end: 2000 } },
      experiments,
      flags: { f0: flag(), f1: { ...flag(), prerequisites: [{ flag: 'f0', values: ['text', 'of b'] }] } },
    },
    randomContext: () => {
      const kept = { variant: pick(['b', 'gone']), phase: below(3) };
      return {
        units: { anonymousId: `u${below(1000)}`, ...(chance(0.5) && { userId: below(100) }) },
        attributes: Object.fromEntries(
          ['x', 'y', 'z'].map((name) => [
            name,
            pick<unknown>([
              ...TEXTS,
              ...NUMBERS,
              true,
              null,
              undefined,
              day(),
              new Date(NOW),
              [pick(TEXTS), pick(NUMBERS)],
            ]),
          ]),
        ),
        now: NOW + (below(200) - 100) * (DAY_MS / 10),
        ...(chance(0.2) && { overrides: { e1: pick(['b', 'other']), f0: pick(['by hand', 7]) } }),
        ...(chance(0.5) && { sticky: () => kept }),
      };
    },
  };
}
