import { expect, it, onTestFinished } from 'vitest';
import { antiFlicker } from './index.ts';

interface Shown {
  document: Document;
  getComputedStyle: typeof getComputedStyle;
  millraceShow(): void;
  setTimeout(end: () => void, afterMs: number): void;
}

/** A page that begins with the script, with its timers in the hands of the test. */
async function open(script: string) {
  const frame = document.createElement('iframe');
  document.body.append(frame);
  onTestFinished(() => frame.remove());
  const page = frame.contentWindow as unknown as Shown;
  const timers: [end: () => void, afterMs: number][] = [];
  page.setTimeout = (end, afterMs) => void timers.push([end, afterMs]);
  page.document.open();
  page.document.write(`<!doctype html><head><script>${script}</script></head><h1>Hello</h1>`);
  page.document.close();
  const opacity = () => page.getComputedStyle(page.document.documentElement).opacity;
  return { page, timers, opacity };
}

it('hides the page until it may be shown', async () => {
  const { page, opacity } = await open(antiFlicker());
  expect(opacity()).toBe('0');
  page.millraceShow();
  expect(opacity()).toBe('1');
  page.millraceShow();
});

it('shows it after a second, or as long as was said, in any case', async () => {
  const { timers, opacity } = await open(antiFlicker());
  expect(timers.map(([, afterMs]) => afterMs)).toEqual([1000]);
  timers[0]?.[0]();
  expect(opacity()).toBe('1');
  expect((await open(antiFlicker({ timeoutMs: 300 }))).timers[0]?.[1]).toBe(300);
});

it('is shorter than 500 bytes and ends no script, whatever the timeout', () => {
  expect(antiFlicker({ timeoutMs: 10_000 }).length).toBeLessThan(500);
  const evil = '</script>' as unknown as number;
  expect(antiFlicker({ timeoutMs: evil })).not.toContain('<');
});
