import type { Assignment, Definitions, FlagEvaluation } from '@millrace/core/evaluation';
import type { Evaluations } from '@millrace/core/variants';
import { describe, expect, it } from 'vitest';
import spec from '../../../../spec/evaluation.json' with { type: 'json' };
import { createFixture } from '../testing/collector-fixture.ts';
import { SAMPLE } from '../testing/sample-definitions.ts';

interface Case {
  says: string;
  key: string;
  now?: string;
  sticky?: { variant: string; phase: number };
  overrides?: unknown;
  units: unknown;
  attributes?: unknown;
  reason: string;
  variant?: string;
  phase?: number;
  payload?: unknown;
  value?: unknown;
}

function serving(document: Definitions = SAMPLE, now = spec.now) {
  const fixture = createFixture({ clock: () => Date.parse(now) });
  fixture.definitions.put(document);
  const evaluate = async (body: unknown, writeKey = 'wk_test') => {
    const response = await fixture.post('/v1/evaluate', { writeKey, ...(body as object) });
    return { status: response.status, ...((await response.json()) as Partial<Evaluations>) };
  };
  return { ...fixture, evaluate };
}

const withoutOverrides = (cases: unknown): Case[] => (cases as Case[]).filter((one) => !one.overrides);

describe('POST /v1/evaluate', () => {
  it.each(withoutOverrides(spec.experiments))('experiment $key: $says', async (expected) => {
    const { key, units, attributes, now, sticky } = expected;
    const { evaluate } = serving(spec.definitions as unknown as Definitions, now);
    const answer = await evaluate({ units, attributes, keys: [key], sticky: sticky && { [key]: sticky } });
    expect(answer).toMatchObject({ status: 200, success: true });
    const { variant, reason, phase, payload } = answer.experiments?.[key] ?? ({} as Partial<Assignment>);
    expect({ variant, reason, phase, payload }).toEqual({
      variant: expected.variant,
      reason: expected.reason,
      phase: expected.phase,
      payload: expected.payload,
    });
  });

  it.each(withoutOverrides(spec.flags))('flag $key: $says', async (expected) => {
    const { key, units, attributes, now } = expected;
    const { evaluate } = serving(spec.definitions as unknown as Definitions, now);
    const { flags } = await evaluate({ units, attributes, keys: [key] });
    const { value, reason } = flags?.[key] ?? ({} as Partial<FlagEvaluation>);
    expect({ value, reason }).toEqual({ value: expected.value, reason: expected.reason });
  });

  it('answers everything where no keys are named, also what clients must ask for', async () => {
    const { evaluate } = serving();
    const answer = await evaluate({
      units: { anonymousId: 'user-2', userId: 7 },
      attributes: { fraud_score: 1 },
    });
    expect(answer).toMatchObject({
      version: 3,
      experiments: {
        checkout: { variant: 'treatment', reason: 'split', payload: { color: 'green' }, unit: 'user-2' },
        credit: { variant: 'on', reason: 'split', unit: '7' },
      },
      flags: {
        color: { value: 'green', reason: 'split', assignment: { experiment: 'checkout' } },
        banner: { value: true, reason: 'default' },
        pay_later: { value: true, reason: 'rule' },
        gone: { reason: 'killed' },
      },
    });
  });

  it('says of a key that nothing has that it is not found, be it a name of a prototype', async () => {
    const { evaluate } = serving();
    const answer = await evaluate({ keys: ['nowhere', '__proto__', 'color', 'checkout'] });
    expect(Object.keys(answer.flags ?? {}).sort()).toEqual(['__proto__', 'color', 'nowhere']);
    expect(Object.keys(answer.experiments ?? {}).sort()).toEqual(['__proto__', 'checkout', 'nowhere']);
    expect(answer.flags?.nowhere).toEqual({ flag: 'nowhere', reason: 'not_found' });
  });

  it.each([
    [{ units: 'ada' }, 'units'],
    [{ units: [] }, 'units'],
    [{ units: { userId: {} } }, 'units.userId'],
    [{ units: { userId: true } }, 'units.userId'],
    [{ attributes: 1 }, 'attributes'],
    [{ keys: 'color' }, 'keys'],
    [{ keys: [1] }, 'keys'],
    [{ keys: Array(10_001).fill('a') }, 'keys'],
    [{ sticky: { checkout: 'b' } }, 'sticky.checkout'],
  ])('refuses %j, and names the field', async (body, field) => {
    const { evaluate } = serving();
    expect(await evaluate(body)).toMatchObject({
      status: 400,
      success: false,
      error: { code: 'malformed_body', field },
    });
  });

  it('takes text/plain with the key in the body, so that no page needs a preflight', async () => {
    const { post } = serving();
    const headers = { 'content-type': 'text/plain' };
    const response = await post('/v1/evaluate', '{"writeKey":"wk_test","units":{}}', { headers });
    expect(response.status).toBe(200);
    expect(response.headers.get('access-control-allow-origin')).toBe('*');
  });

  it('refuses more attributes than an event may have, and takes many keys', async () => {
    const { evaluate } = serving();
    expect(await evaluate({ attributes: { text: 'x'.repeat(33_000) } })).toMatchObject({
      status: 413,
      error: { code: 'field_too_large', field: 'attributes' },
    });
    const keys = Array.from({ length: 5_000 }, (_, i) => `a_flag_with_a_long_name_${i}`);
    expect(Object.keys((await evaluate({ keys })).flags ?? {})).toHaveLength(5_000);
  });

  it('is a 401 without a known key, and a 503 while there is nothing to read', async () => {
    const { evaluate, definitions } = serving();
    expect(await evaluate({}, 'wk_none')).toMatchObject({ status: 401 });
    definitions.away = true;
    expect(await evaluate({})).toMatchObject({ status: 503, error: { code: 'definitions_unavailable' } });
  });

  it('records nothing', async () => {
    const { evaluate, log } = serving();
    await evaluate({ units: { anonymousId: 'user-2' } });
    expect(log.records).toEqual([]);
  });
});
