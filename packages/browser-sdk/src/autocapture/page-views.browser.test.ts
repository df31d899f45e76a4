import { expect, it } from 'vitest';
import { only, openCapturedPage } from '../testing/captured-page.ts';
import type { AutocaptureOptions } from './options.ts';

/** A page with page views, and what the page's own code does to its address. */
async function open(options: AutocaptureOptions = { pageViews: true }) {
  const opened = await openCapturedPage('', only(options));
  const { history } = opened.page.window;
  const views = () => opened.captured.map(([, { $navigation }]) => $navigation);
  return { ...opened, history, views };
}

/** Microtasks that wait have run. */
const settled = () => new Promise<void>((resolve) => void setTimeout(resolve));

it('the first page is seen at once', async () => {
  const { captured } = await open();
  expect(captured).toEqual([['page', { $navigation: 'load' }]]);
});

it('each new address is a page view, with the one before', async () => {
  const { captured, history } = await open();
  history.pushState(null, '', '/a?b=1');
  await settled();
  history.replaceState(null, '', '/a?b=2');
  await settled();
  expect(captured.slice(1)).toEqual([
    ['page', { $navigation: 'push', $previous_path: '/sdk-page' }],
    ['page', { $navigation: 'replace', $previous_path: '/a' }],
  ]);
});

it('a view comes before what the new page tracks in its own microtask', async () => {
  const { captured, history, client } = await open();
  history.pushState(null, '', '/a');
  await Promise.resolve().then(() => client.track('Product Viewed'));
  expect(captured.map(([name]) => name)).toEqual(['page', 'page', 'Product Viewed']);
});

it('a redirect in one go is one page view', async () => {
  const { views, history, page, captured } = await open();
  const urls: string[] = [];
  history.pushState(null, '', '/a');
  history.replaceState(null, '', '/b');
  await settled();
  urls.push(page.window.location.pathname);
  expect([views(), urls, captured.at(-1)?.[1].$previous_path]).toEqual([
    ['load', 'push'],
    ['/b'],
    '/sdk-page',
  ]);
});

it.each([
  ['the same address', '/sdk-page'],
  ['state alone', undefined],
  ['a part of the page', '#part'],
])('%s is none', async (_name, url) => {
  const { views, history } = await open();
  history.pushState({ a: 1 }, '', url);
  history.replaceState({ a: 2 }, '', url);
  await settled();
  expect(views()).toEqual(['load']);
});

it('a part of the page is one where it is asked for', async () => {
  const { views, next, history, page } = await open({ pageViews: 'hash' });
  history.pushState(null, '', '#a');
  await settled();
  const told = next();
  page.window.location.hash = 'b';
  await told;
  expect(views()).toEqual(['load', 'push', expect.stringMatching(/^(hash|pop)$/)]);
});

it('the back button is one', async () => {
  const { views, next, history } = await open();
  history.pushState(null, '', '/a');
  await settled();
  const told = next();
  history.back();
  await told;
  expect(views()).toEqual(['load', 'push', 'pop']);
});

it('so is a return from the back-forward cache, and no other pageshow', async () => {
  const { views, page } = await open();
  for (const persisted of [false, true]) {
    page.window.dispatchEvent(new page.window.PageTransitionEvent('pageshow', { persisted }));
  }
  expect(views()).toEqual(['load', 'restore']);
});

it('begins when a prerendered page is shown', async () => {
  const { views, document, start } = await openCapturedPage().then((opened) => ({
    ...opened,
    views: () => opened.captured.map(([, { $navigation }]) => $navigation),
  }));
  Object.defineProperty(document, 'prerendering', { value: true, configurable: true });
  start(only({ pageViews: true, pageLeave: true }));
  expect(views()).toEqual([]);
  document.dispatchEvent(new Event('prerenderingchange'));
  expect(views()).toEqual(['load']);
});

it('leaves history as it was at the end, and a page that wrapped it working', async () => {
  const { page, start, captured } = await openCapturedPage();
  const { history } = page.window;
  const own = history.pushState;
  start(only({ pageViews: true }))();
  expect(history.pushState).toBe(own);

  const end = start(only({ pageViews: true }));
  const wrapped = history.pushState;
  history.pushState = function (...args) {
    wrapped.apply(this, args);
  };
  end();
  history.pushState(null, '', '/a');
  await settled();
  expect([captured.length, page.window.location.pathname]).toEqual([1, '/a']);
});

it('tells of one address once, ended and begun again, as strict mode does', async () => {
  const { start, captured } = await openCapturedPage();
  for (let round = 0; round < 3; round++) start(only({ pageViews: true }))();
  expect(captured).toHaveLength(1);
});

it("keeps errors of pushState the page's own", async () => {
  const { page, history } = await open();
  expect(() => history.pushState(() => {}, '')).toThrow(page.window.DOMException);
  expect(() => history.pushState(null, '', 'https://elsewhere.example/')).toThrow(page.window.DOMException);
});
