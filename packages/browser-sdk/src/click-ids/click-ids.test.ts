import { afterEach, expect, it, vi } from 'vitest';
import { type ClickIdsEvent, clickIds } from './index.ts';

afterEach(() => vi.unstubAllGlobals());

function contextOf(search: string, event: ClickIdsEvent = {}) {
  vi.stubGlobal('location', { search });
  clickIds()(event);
  return event.context;
}

it('adds the click ids of the address to the context', () => {
  expect(contextOf('?gclid=G-1&FBCLID=f&utm_source=x&msclkid=', { context: { locale: 'de' } })).toEqual({
    locale: 'de',
    clickIds: { gclid: 'G-1', fbclid: 'f' },
  });
});

it('adds nothing to an address without one', () => {
  expect(contextOf('?a=gclid')).toBeUndefined();
});

it('keeps them when the application has changed the address', () => {
  vi.stubGlobal('location', { search: '?gclid=a' });
  const enrich = clickIds();
  vi.stubGlobal('location', { search: '' });
  const event: ClickIdsEvent = {};
  enrich(event);
  expect(event.context).toEqual({ clickIds: { gclid: 'a' } });
});
