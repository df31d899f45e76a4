import { expect, it } from 'vitest';
import { PRODUCTS } from './products.ts';
import { pathOf, type Route, routeOf } from './routes.ts';

it('finds each page again by its path', () => {
  const routes: Route[] = [
    { page: 'home' },
    { page: 'cart' },
    { page: 'checkout' },
    { page: 'thanks' },
    { page: 'missing', path: '/shop/p/nonexistent' },
    ...PRODUCTS.map(({ id }): Route => ({ page: 'product', id })),
  ];
  for (const route of routes) expect(routeOf(pathOf(route))).toEqual(route);
});

it('shows no shelf for a product that is not sold', () => {
  expect(routeOf('/shop/p/nonexistent')).toEqual({ page: 'missing', path: '/shop/p/nonexistent' });
});
