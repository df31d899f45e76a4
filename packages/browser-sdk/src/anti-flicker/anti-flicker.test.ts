import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { antiFlicker } from './index.ts';

it('is the text that the README shows', () => {
  const readme = readFileSync(new URL('../../README.md', import.meta.url), 'utf8');
  expect(readme).toContain(`<script>\n${antiFlicker()}\n</script>`);
});
