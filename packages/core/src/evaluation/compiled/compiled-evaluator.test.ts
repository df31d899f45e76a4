import { describe, expect, it } from 'vitest';
import spec from '../../../../../spec/evaluation.json' with { type: 'json' };
import { createSeededRandom, freshSeed } from '../../testing/index.ts';
import { clientPart } from '../client-part.ts';
import type { Definitions } from '../definitions.ts';
import type { EvaluationContext, StickyAssignment } from '../evaluation.ts';
import { createEvaluator } from '../evaluator.ts';
import { prepareDefinitions } from '../prepare.ts';
import { randomDefinitions } from '../testing/random-definitions.ts';
import { randomRules } from '../testing/random-rules.ts';
import { compareByRule } from './compare-by-rule.ts';
import { needsRule } from './compile-condition.ts';
import { compileDefinitions } from './compile-definitions.ts';
import type { CompiledDefinitions } from './compiled.ts';
import { createCompiledEvaluator } from './compiled-evaluator.ts';

type Case = Omit<EvaluationContext, 'now' | 'sticky'> & {
  key: string;
  now?: string;
  sticky?: StickyAssignment;
};

const authored = prepareDefinitions(spec.definitions as unknown as Definitions);

/** After a journey as JSON, as pages get it. */
function sent(definitions: Definitions): CompiledDefinitions {
  return JSON.parse(JSON.stringify(compileDefinitions(definitions)));
}

describe('spec/evaluation.json, compiled', () => {
  const whole = createEvaluator(authored);
  const compiled = createCompiledEvaluator(sent(authored), compareByRule);
  const contextOf = ({ sticky, now = spec.now, ...rest }: Case): EvaluationContext => ({
    ...rest,
    sticky: () => sticky,
    now: Date.parse(now),
  });

  it.each(spec.experiments as unknown as Case[])('experiment $key: $says', (one) => {
    const context = contextOf(one);
    expect(compiled.assign(one.key, context)).toEqual(whole.assign(one.key, context));
  });

  it.each(spec.flags as unknown as Case[])('flag $key: $says', (one) => {
    const context = contextOf(one);
    expect(compiled.resolve(one.key, context)).toEqual(whole.resolve(one.key, context));
  });
});

it.each([
  ['documents', randomDefinitions],
  ['documents of every operator, ramp, schedule and phase', randomRules],
])('answers as the document does: random %s', (_what, make) => {
  const seed = freshSeed();
  const random = createSeededRandom(seed);
  const reasons = new Set<string>();
  for (let round = 0; round < 100; round++) {
    const { definitions, randomContext } = make(random);
    const prepared = prepareDefinitions(definitions);
    const whole = createEvaluator(prepared);
    const compiled = createCompiledEvaluator(sent(prepared), compareByRule);
    for (let times = 0; times < 20; times++) {
      const context = randomContext();
      const says = `seed ${seed}, round ${round}: ${JSON.stringify({ context, definitions })}`;
      for (const key of Object.keys(definitions.experiments)) {
        const expected = whole.assign(key, context);
        expect(compiled.assign(key, context), says).toEqual(expected);
        reasons.add(expected.reason);
      }
      for (const key of Object.keys(definitions.flags)) {
        const expected = whole.resolve(key, context);
        expect(compiled.resolve(key, context), says).toEqual(expected);
        reasons.add(expected.reason);
      }
    }
  }
  // What never came up was not compared.
  expect([...reasons]).toEqual(
    expect.arrayContaining(['split', 'targeted', 'not_targeted', 'rule', 'default']),
  );
});

it('leaves to the collector what compares by patterns, versions and times, and what rests on it', () => {
  const seed = freshSeed();
  const random = createSeededRandom(seed);
  let left = 0;
  for (let round = 0; round < 50; round++) {
    const { definitions, randomContext } = randomRules(random);
    const prepared = prepareDefinitions(definitions);
    const part = sent(clientPart(prepared, needsRule));
    const whole = createEvaluator(prepared);
    const page = createCompiledEvaluator(part);
    for (const key of Object.keys(definitions.experiments)) {
      const context = randomContext();
      const isLeft = part.remote.includes(key);
      left += Number(isLeft);
      expect(page.assign(key, context), `seed ${seed}, round ${round}, ${key}`).toEqual(
        // By hand, a variant reaches what is evaluated here alone.
        isLeft ? { experiment: key, variant: 'control', reason: 'remote' } : whole.assign(key, context),
      );
    }
  }
  expect(left).toBeGreaterThan(10);
});

it('gives control without definitions, and for those of another form', () => {
  const context = { units: { anonymousId: 'u' }, now: 0 };
  const of = (definitions?: CompiledDefinitions) => createCompiledEvaluator(definitions);
  const nobody = { experiment: 'plain', variant: 'control' };
  expect(of().assign('plain', context)).toEqual({ ...nobody, reason: 'not_ready' });
  expect(of({ ...sent(authored), compiled: 2 }).assign('plain', context)).toEqual({
    ...nobody,
    reason: 'unsupported_version',
  });
  // A term whose comparison is not here is no answer.
  expect(of(sent(authored)).assign('versioned', context)).toEqual({
    experiment: 'versioned',
    variant: 'control',
    reason: 'not_found',
  });
});
