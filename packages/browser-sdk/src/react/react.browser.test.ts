import { createElement, type ReactNode, StrictMode } from 'react';
import { flushSync } from 'react-dom';
import { createRoot } from 'react-dom/client';
import { expect, it, onTestFinished, vi } from 'vitest';
import type { Analytics } from '../index.ts';
import { createNotedClient } from '../testing/noted-client.ts';
import { AnalyticsProvider, useAnalytics, useIdentify, usePageView, useTrack } from './index.ts';

/** Renders below a provider, in strict mode: React mounts everything twice. */
function mount(client: Analytics, plugins?: ((client: Analytics) => unknown)[]) {
  const root = createRoot(document.createElement('div'));
  onTestFinished(() => root.unmount());
  const render = (children: ReactNode): void =>
    flushSync(() => {
      const provider = createElement(AnalyticsProvider, { client, ...(plugins && { plugins }) }, children);
      root.render(createElement(StrictMode, null, provider));
    });
  return { render, unmount: () => flushSync(() => root.unmount()) };
}

function Page({ name, properties }: { name: string; properties?: object }): null {
  usePageView(name, properties);
  return null;
}

const seen = new Set<unknown>();

function Reader(): null {
  seen.add(useTrack()).add(useAnalytics());
  return null;
}

function User({ id, plan }: { id?: string | null; plan?: string }): null {
  useIdentify(id, plan ? { plan } : undefined);
  return null;
}

it('a page view is one, by name, whatever React mounts and renders again', () => {
  const { client, calls } = createNotedClient();
  const { render } = mount(client);
  render(createElement(Page, { name: 'Home', properties: { a: 1 } }));
  render(createElement(Page, { name: 'Home', properties: { a: 2 } }));
  render(createElement(Page, { name: 'Cart', properties: { a: 3 } }));
  render(createElement(Page, { name: 'Home' }));
  expect(calls).toEqual([
    ['page', 'Home', { a: 1 }],
    ['page', 'Cart', { a: 3 }],
    ['page', 'Home'],
  ]);
});

it('a log-in identifies once, a change of the traits again, a log-out resets', () => {
  const { client, calls } = createNotedClient();
  const { render } = mount(client);
  render(createElement(User, {}));
  render(createElement(User, { id: 'u1', plan: 'free' }));
  render(createElement(User, { id: 'u1', plan: 'free' }));
  render(createElement(User, { id: 'u1', plan: 'pro' }));
  // Not known at the moment, as while a session is fetched again.
  render(createElement(User, {}));
  render(createElement(User, { id: 'u1', plan: 'pro' }));
  render(createElement(User, { id: null }));
  render(createElement(User, { id: null }));
  expect(calls).toEqual([
    ['identify', 'u1', { plan: 'free' }],
    ['identify', 'u1', { plan: 'pro' }],
    ['reset'],
  ]);
});

it('gives the client, and the same track at each render', () => {
  const { client } = createNotedClient();
  const { render } = mount(client);
  render(createElement(Reader));
  render(createElement(Reader));
  expect(seen).toEqual(new Set([client.track, client]));
});

it('starts plugins with the client, and ends as many as it started', () => {
  const { client } = createNotedClient();
  const end = vi.fn();
  const start = vi.fn(() => end);
  const { render, unmount } = mount(client, [start, () => undefined]);
  render(null);
  expect(start).toHaveBeenCalledWith(client);
  unmount();
  expect(end.mock.calls.length).toBe(start.mock.calls.length);
});
