import { expect, it } from 'vitest';
import { unitsOf } from './units.ts';

it('takes texts and numbers of the attributes as ids, but none that the client knows itself', () => {
  const attributes = { companyId: 'acme', seat: 7, bad: Number.NaN, list: ['a'], userId: 'forged', no: null };
  expect(unitsOf({ anonymousId: 'a1', userId: undefined }, attributes)).toEqual({
    anonymousId: 'a1',
    userId: undefined,
    companyId: 'acme',
    seat: 7,
  });
});
