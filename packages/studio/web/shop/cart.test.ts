import { expect, it } from 'vitest';
import { changeQuantity, linesOf, sumOf } from './cart.ts';

it('adds up to the cent', () => {
  let cart = changeQuantity({}, 'rye-flour', 1);
  cart = changeQuantity(cart, 'rye-flour', 2);
  cart = changeQuantity(cart, 'wheat-flour', 1);
  expect(sumOf(cart)).toEqual({ items: 4, value: 15.6 });
});

it('drops a line with nothing left, and what the shop does not sell', () => {
  expect(changeQuantity({ starter: 1 }, 'starter', -1)).toEqual({});
  expect(changeQuantity({}, 'starter', -1)).toEqual({});
  expect(linesOf({ unknown: 3 })).toEqual([]);
});
