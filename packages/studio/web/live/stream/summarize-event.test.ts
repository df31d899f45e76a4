import { expect, it } from 'vitest';
import { fakeEvent } from '../../../src/testing/fake-warehouse.ts';
import { summarizeEvent, whoOf } from './summarize-event.ts';

const valuesOf = (event: Parameters<typeof summarizeEvent>[0]) =>
  summarizeEvent(event).map(({ value }) => value);

it('shows what tells most: names and money before ids, no objects', () => {
  const properties = {
    order_id: 'WM-1',
    products: [{ name: 'Rye' }],
    items: 3,
    currency: 'EUR',
    revenue: 24.4,
    note: null,
  };
  expect(valuesOf(fakeEvent({ id: '1', properties }))).toEqual(['24.40 EUR', '3', 'WM-1']);
});

it('shows path and title of a page, and traits of a person', () => {
  const page = fakeEvent({ id: '1', type: 'page', path: '/shop/cart', columns: { title: 'Cart' } });
  expect(valuesOf(page)).toEqual(['/shop/cart', 'Cart']);
  expect(valuesOf(fakeEvent({ id: '2', type: 'identify', traits: { name: 'Ada' } }))).toEqual(['Ada']);
});

it('names the user, else the end of the anonymous id, which differs most', () => {
  expect(whoOf(fakeEvent({ id: '1', userId: 'ada' }))).toEqual({ text: 'ada', known: true });
  expect(whoOf(fakeEvent({ id: '1', anonymousId: '0190-aaaa-bbccdd' })).text).toBe('visitor bbccdd');
});
