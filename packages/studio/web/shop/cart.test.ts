import { expect, it } from 'vitest';
import { changeQuantity, linesOf, sumOf } from './cart.ts';
import { pathOf, routeOf } from './routes.ts';

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

it('finds its way back from every address', () => {
  const routes = [
    { page: 'home' },
    { page: 'product', id: 'starter' },
    { page: 'cart' },
    { page: 'checkout' },
    { page: 'thanks' },
  ] as const;
  for (const route of routes) expect(routeOf(pathOf(route))).toEqual(route);
  expect(routeOf('/shop/nowhere')).toEqual({ page: 'home' });
});
