import { createEvaluator, prepareDefinitions } from '@millrace/core/evaluation';
import { describe, expect, it } from 'vitest';
import { importGrowthBook } from './import-growthbook.ts';

type Attributes = { [name: string]: unknown };

/** What the flag `f` with one rule for `condition` gives to whom. */
function withCondition(condition: unknown, savedGroups = {}) {
  const features = { f: { defaultValue: false, rules: [{ condition, force: true }] } };
  const { document, warnings } = importGrowthBook({ features, savedGroups });
  const evaluator = createEvaluator(prepareDefinitions(document));
  return {
    warnings,
    document,
    gives: (attributes: Attributes) => evaluator.resolve('f', { units: {}, attributes, now: 0 }).value,
  };
}

const NEAR_ZERO = 'a missing attribute counts as 0';

describe('conditions hold for whom they hold in GrowthBook', () => {
  it.each<[condition: unknown, yes: Attributes[], no: Attributes[], warned?: string]>([
    [{}, [{}], []],
    [{ plan: 'pro' }, [{ plan: 'pro' }], [{ plan: 'Pro' }, {}]],
    [{ age: 18 }, [{ age: 18 }, { age: '18' }], [{ age: 19 }, {}]],
    [{ age: '18' }, [{ age: 18 }, { age: '18' }], [{}]],
    [{ paid: true }, [{ paid: true }], [{ paid: false }, {}]],
    [{ plan: null }, [{}, { plan: null }], [{ plan: 'pro' }]],
    [
      { plan: { $eq: 'pro' }, age: { $gt: 17, $lt: 30 } },
      [{ plan: 'pro', age: 18 }],
      [{ plan: 'pro', age: 30 }],
      NEAR_ZERO,
    ],
    [{ plan: { $ne: 'pro' } }, [{ plan: 'free' }, {}], [{ plan: 'pro' }]],
    [{ plan: { $in: ['pro', 'max'] } }, [{ plan: 'max' }, { plan: ['x', 'pro'] }], [{ plan: 'free' }, {}]],
    [{ plan: { $in: ['pro', null] } }, [{ plan: 'pro' }, {}], [{ plan: 'free' }]],
    [{ plan: { $nin: ['pro', 'max'] } }, [{ plan: 'free' }, {}], [{ plan: 'pro' }, { plan: ['x', 'pro'] }]],
    [{ plan: { $ini: ['Pro+'] } }, [{ plan: 'pRO+' }], [{ plan: 'pro' }, { plan: 'xpro+' }]],
    [{ plan: { $nini: ['Pro'] } }, [{ plan: 'free' }], [{ plan: 'PRO' }]],
    [{ tags: { $all: ['a', 'b'] } }, [{ tags: ['b', 'c', 'a'] }], [{ tags: ['a'] }, {}]],
    [{ tags: { $elemMatch: { $eq: 'a' } } }, [{ tags: ['b', 'a'] }], [{ tags: ['b'] }]],
    [{ plan: { $exists: true } }, [{ plan: '' }], [{}, { plan: null }]],
    [{ plan: { $exists: false } }, [{}, { plan: null }], [{ plan: 'x' }]],
    [
      { email: { $regex: '@example\\.(com|org)$' } },
      [{ email: 'a@example.org' }],
      [{ email: 'a@example.net' }, {}],
    ],
    [{ email: { $not: { $regex: '@example' } } }, [{ email: 'a@b' }, {}], [{ email: 'a@example.net' }]],
    [
      { email: { $regexi: '^[a-f]+@(?:Ex|[^X])\\.' } },
      [{ email: 'AF@eX.' }, { email: 'a@y.' }],
      [{ email: 'g@ex.' }, { email: 'a@x.' }],
    ],
    [
      { version: { $vgte: '1.10.0', $vlt: '2.0.0-beta' } },
      [{ version: '1.10.0' }, { version: '1.99.1' }],
      [{ version: '1.9.0' }, { version: '2.0.0' }],
    ],
    [{ version: { $vne: '1.2.3' } }, [{ version: '1.2.4' }], [{ version: '1.2.3' }]],
    [
      { seen: { $gt: '2026-01-01T00:00:00Z' } },
      [{ seen: '2026-01-01T00:00:01Z' }],
      [{ seen: '2025-12-31T23:59:59Z' }, {}],
    ],
    [
      { seen: { $lte: '2026-01-01T00:00:00Z' } },
      [{ seen: '2026-01-01T00:00:00Z' }],
      [{ seen: '2026-01-02T00:00:00Z' }, {}],
    ],
    [{ age: { $lte: '30' } }, [{ age: 30 }], [{ age: 31 }], NEAR_ZERO],
    [{ $or: [{ a: 1 }, { b: 2 }] }, [{ a: 1 }, { b: 2 }], [{ a: 2 }]],
    [{ $or: [] }, [{}], []],
    [{ $nor: [{ a: 1 }, { b: 2 }] }, [{ a: 2 }], [{ a: 1 }, { b: 2 }]],
    [{ $and: [{ a: 1 }, { $not: { b: 2 } }] }, [{ a: 1 }], [{ a: 1, b: 2 }]],
    [{ id: { $inGroup: 'beta' } }, [{ id: 'u1' }, { id: 7 }], [{ id: 'u2' }, {}]],
    [{ id: { $notInGroup: 'beta' } }, [{ id: 'u2' }], [{ id: 'u1' }]],
    [{ 'device.os': 'ios' }, [{ 'device.os': 'ios' }], [{}], 'is a path in GrowthBook'],
  ])('%j', (condition, yes, no, warned) => {
    const { gives, warnings } = withCondition(condition, { beta: ['u1', 7] });
    for (const attributes of yes) expect(gives(attributes), JSON.stringify(attributes)).toBe(true);
    for (const attributes of no) expect(gives(attributes), JSON.stringify(attributes)).toBe(false);
    expect(warnings.map(({ message }) => message)).toEqual(warned ? [expect.stringContaining(warned)] : []);
  });

  it.each<[condition: unknown, path: string, message: string]>([
    [{ a: { $size: 2 } }, '/a/$size', '$size'],
    [{ a: { $type: 'string' } }, '/a/$type', '$type'],
    [{ a: { b: 1 } }, '/a', 'whole list or object'],
    [{ a: ['x'] }, '/a', 'whole list or object'],
    [{ a: { $regex: '(?=x)' } }, '/a/$regex', 'pattern'],
    [{ a: { $regexi: '\\x41' } }, '/a/$regexi', 'either case'],
    [{ a: { $gt: 'noon' } }, '/a/$gt', 'neither numbers nor times'],
    [{ a: { $elemMatch: { $gt: 1, $lt: 5 } } }, '/a/$elemMatch', 'same element'],
    [{ a: { $inGroup: 'none' } }, '/a/$inGroup', 'no saved group none'],
    [{ $where: 'x' }, '/$where', '$where'],
    [{ $not: { $or: [{ a: { $size: 1 } }] } }, '/$not/$or/0/a/$size', '$size'],
  ])(
    'what has no equivalent is for nobody, also under a negation, and is said: %j',
    (condition, path, message) => {
      const { gives, warnings } = withCondition(condition);
      expect(warnings).toEqual([
        { path: `/features/f/rules/0/condition${path}`, message: expect.stringContaining(message) },
      ]);
      expect(warnings[0]?.message).toContain('for nobody');
      for (const attributes of [{}, { a: 1 }, { a: 'x' }]) expect(gives(attributes)).toBe(false);
    },
  );
});
