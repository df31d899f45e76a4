import { readFileSync } from 'node:fs';
import { Script } from 'node:vm';
import { expect, it } from 'vitest';
import { type SnippetOptions, snippet } from './index.ts';

const OPTIONS: SnippetOptions = { writeKey: 'wk_demo', src: 'https://events.example.com/millrace.js' };

type Window = { analytics?: unknown[] & Record<string, (...args: unknown[]) => void> };

/** Runs the text as a page does, once or several times; gives the page's `window` and what was appended to its head. */
function run(options: SnippetOptions, times = 1, window: Window = {}) {
  const scripts: { src: string; async: boolean; nonce?: string; dataset: Record<string, string> }[] = [];
  const document = {
    currentScript: { nonce: 'n0nce' },
    createElement: () => ({ dataset: {} }),
    head: { appendChild: (script: (typeof scripts)[number]) => scripts.push(script) },
  };
  const program = new Script(snippet(options));
  for (let time = 0; time < times; time++) program.runInNewContext({ window, document });
  return { window, scripts, analytics: window.analytics! };
}

it('loads the script without holding the page up, with the nonce of the page', () => {
  const { scripts } = run({ ...OPTIONS, host: 'https://in.example.com' });
  expect(scripts).toEqual([
    {
      src: OPTIONS.src,
      async: true,
      nonce: 'n0nce',
      dataset: { writeKey: 'wk_demo', host: 'https://in.example.com' },
    },
  ]);
});

it('keeps the calls until then, in order and with their arguments', () => {
  const { analytics } = run(OPTIONS);
  analytics.identify!('u1', { plan: 'pro' });
  analytics.track!('A', { a: 1 });
  analytics.reset!();
  expect(JSON.parse(JSON.stringify(analytics))).toEqual([
    ['identify', 'u1', { plan: 'pro' }],
    ['track', 'A', { a: 1 }],
    ['reset'],
  ]);
});

it('pasted twice it loads once, and over a client not at all', () => {
  expect(run(OPTIONS, 2).scripts).toHaveLength(1);
  const client = { track: () => {} } as unknown as NonNullable<Window['analytics']>;
  expect(run(OPTIONS, 1, { analytics: client })).toMatchObject({ scripts: [], analytics: client });
});

it('keeps a thousand calls where the script never comes', () => {
  const { analytics } = run(OPTIONS);
  for (let call = 0; call < 1100; call++) analytics.track!('A');
  expect(analytics).toHaveLength(1000);
});

it('may stand in HTML whatever its options are', () => {
  const evil = '</script><script>alert(1)//"\u2028';
  const text = snippet({ ...OPTIONS, writeKey: evil });
  expect(text).not.toContain('<');
  expect(run({ ...OPTIONS, writeKey: evil }).scripts[0]?.dataset.writeKey).toBe(evil);
});

it('is the text that the documentation shows', () => {
  const page = readFileSync(new URL('../../../../docs/browser-sdk.md', import.meta.url), 'utf8');
  expect(page).toContain(`<script>\n${snippet(OPTIONS)}\n</script>`);
});
