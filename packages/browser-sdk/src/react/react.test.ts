import { createElement } from 'react';
import { renderToString } from 'react-dom/server';
import { expect, it, vi } from 'vitest';
import { createAnalytics } from '../index.ts';
import { definitionsOf, halves } from '../testing/halves.ts';
import { createNotedClient } from '../testing/noted-client.ts';
import { createAnalytics as createVariantAnalytics } from '../variants/index.ts';
import {
  AnalyticsProvider,
  type AnalyticsProviderProps,
  useAnalytics,
  useFlag,
  useIdentify,
  usePageView,
  useTrack,
  useVariant,
} from './index.ts';

const cycle: { self?: object } = {};
cycle.self = cycle;

function Page(): string {
  const track = useTrack();
  usePageView('Home');
  useIdentify('u1', cycle);
  return `${typeof track} ${useAnalytics().ids().anonymousId}`;
}

it('renders on a server, where it tracks nothing and starts nothing', () => {
  const { client, calls } = createNotedClient();
  const start = vi.fn();
  const html = renderToString(
    createElement(AnalyticsProvider, { client, plugins: [start] }, createElement(Page)),
  );
  expect([html, calls, start.mock.calls]).toEqual(['function ', [], []]);
});

it('takes the client that a server makes of the same code', () => {
  const client = createAnalytics({ writeKey: 'wk', host: 'http://127.0.0.1:1' });
  expect(renderToString(createElement(AnalyticsProvider, { client }, createElement(Page)))).toBe('function ');
});

function Answers(): string {
  return `${useVariant('checkout')} ${useFlag('color', 'none')} ${useVariant('pricing')}`;
}

it('renders the variants of the request, of which the client of all requests knows nothing', () => {
  const client = createVariantAnalytics({ writeKey: 'wk', host: 'http://127.0.0.1:1' });
  const render = (bootstrap?: AnalyticsProviderProps['bootstrap']): string =>
    renderToString(createElement(AnalyticsProvider, { client, bootstrap }, createElement(Answers)));
  const rules = [{ experiment: 'checkout', values: { treatment: 'green' } }];
  const definitions = definitionsOf(
    { checkout: halves(), pricing: halves({ unitType: 'userId' }) },
    { flags: { color: { type: 'string', enabled: true, rules } } },
  );
  expect(render({ definitions, anonymousId: 'user-2' })).toBe('treatment green control');
  const checkout = { experiment: 'checkout', variant: 'one_page', reason: 'split' as const };
  const evaluations = { version: 1, experiments: { checkout }, flags: {} };
  expect(render({ evaluations, anonymousId: 'user-2' })).toBe('one_page none control');
  expect(render()).toBe('control none control');
});

it('does nothing without a provider, and says so once', () => {
  const warn = vi.spyOn(console, 'warn').mockImplementation(() => {});
  for (let round = 0; round < 2; round++) expect(renderToString(createElement(Page))).toBe('function ');
  expect(warn.mock.calls).toEqual([[expect.stringContaining('<AnalyticsProvider>')]]);
  warn.mockRestore();
});
