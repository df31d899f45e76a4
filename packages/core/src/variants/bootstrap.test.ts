import { expect, it } from 'vitest';
import { scriptJson } from './bootstrap.ts';

it('ends no script, opens no comment, and says the same', () => {
  const value = { a: '</script><!--<script>', b: '\u2028\u2029', c: [1, null, 'é'] };
  const text = scriptJson(value);
  expect(text).not.toMatch(/[<\u2028\u2029]/);
  expect(JSON.parse(text)).toEqual(value);
});
