import { createElement } from 'react';
import { renderToString } from 'react-dom/server';
import { expect, it, vi } from 'vitest';
import { createAnalytics } from '../index.ts';
import { createNotedClient } from '../testing/noted-client.ts';
import { AnalyticsProvider, useAnalytics, useIdentify, usePageView, useTrack } from './index.ts';

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

it('does nothing without a provider, and says so once', () => {
  const warn = vi.spyOn(console, 'warn').mockImplementation(() => {});
  for (let round = 0; round < 2; round++) expect(renderToString(createElement(Page))).toBe('function ');
  expect(warn.mock.calls).toEqual([[expect.stringContaining('<AnalyticsProvider>')]]);
  warn.mockRestore();
});
