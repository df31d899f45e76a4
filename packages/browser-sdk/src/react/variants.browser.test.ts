import { createElement, type ReactNode, StrictMode } from 'react';
import { flushSync } from 'react-dom';
import { createRoot, hydrateRoot } from 'react-dom/client';
import { beforeEach, expect, it, onTestFinished, vi } from 'vitest';
import { startVariantsSite, type VariantsSite } from '../../test/variants-site.ts';
import { definitionsOf, halves } from '../testing/halves.ts';
import { AnalyticsProvider, type AnalyticsProviderProps, useFlag, useVariant } from './index.ts';

let site: VariantsSite;

beforeEach(async () => {
  site = await startVariantsSite();
});

const rules = [{ experiment: 'checkout', values: { control: 'blue', treatment: 'green' } }];
const flags = { color: { type: 'string' as const, enabled: true, rules } };
const definitions = definitionsOf({ checkout: halves(), pricing: halves({ unitType: 'userId' }) }, { flags });
const bootstrap = { definitions, anonymousId: 'user-2' };

function Page(): ReactNode {
  return `${useVariant('checkout')} ${useFlag('color', 'none')} ${useVariant('pricing')}`;
}

const page = (props: AnalyticsProviderProps): ReactNode =>
  createElement(StrictMode, null, createElement(AnalyticsProvider, props, createElement(Page)));

/** What a server renders of it for `bootstrap`: react.test.ts, which runs in Node, gets the same. */
const RENDERED = 'treatment green control';

it('shows what the server rendered, without a mismatch or a flicker, and tells of it once', async () => {
  const root = document.createElement('div');
  root.innerHTML = RENDERED;
  const client = (await site.open()).start({ bootstrap });
  const texts = new Set<string | null>();
  const watcher = new MutationObserver(() => texts.add(root.textContent));
  watcher.observe(root, { childList: true, subtree: true, characterData: true });
  const mismatch = vi.fn();
  const used = vi.spyOn(client, 'getVariant');
  const hydrated = hydrateRoot(root, page({ client }), { onRecoverableError: mismatch });
  onTestFinished(() => hydrated.unmount());
  await vi.waitFor(() => expect(used).toHaveBeenCalled());
  expect(mismatch).not.toHaveBeenCalled();
  expect([...texts]).toEqual([]);
  expect(await site.exposures(client)).toHaveLength(1);

  // From then on it follows what the browser knows.
  flushSync(() => client.identify('user-2'));
  expect(root.textContent).toBe('treatment green treatment');
  await vi.waitFor(() => expect(used).toHaveBeenCalledWith('pricing'));
  expect(await site.exposures(client)).toHaveLength(2);
});

it('hydrates where the browser knows of another visitor, and shows that one then', async () => {
  const root = document.createElement('div');
  root.innerHTML = RENDERED;
  const client = (await site.open()).start({ bootstrap: { definitions, anonymousId: 'user-1' } });
  const mismatch = vi.fn();
  const hydrated = hydrateRoot(root, page({ client, bootstrap }), { onRecoverableError: mismatch });
  onTestFinished(() => hydrated.unmount());
  await vi.waitFor(() => expect(root.textContent).toBe('control blue control'));
  expect(mismatch).not.toHaveBeenCalled();
});

it('renders in the browser alone, with fallbacks where the client knows no variants', async () => {
  const opened = await site.open();
  const clients = [
    opened.start({ bootstrap }),
    opened.window.createAnalytics({ writeKey: site.writeKey, host: site.host }),
  ];
  const texts = clients.map((client) => {
    const root = document.createElement('div');
    const rendered = createRoot(root);
    onTestFinished(() => rendered.unmount());
    flushSync(() => rendered.render(page({ client })));
    return root.textContent;
  });
  expect(texts).toEqual(['treatment green control', 'control none control']);
});
