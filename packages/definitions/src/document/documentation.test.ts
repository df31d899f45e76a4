import { readFile } from 'node:fs/promises';
import { expect, it } from 'vitest';
import { validateDefinitions } from './validate-definitions.ts';

it('docs/definitions.md shows a document that can be saved', async () => {
  const text = await readFile(new URL('../../../../docs/definitions.md', import.meta.url), 'utf8');
  const [, example = ''] = /```json\n(.*?)```/s.exec(text) ?? [];
  expect(Object.keys(validateDefinitions(JSON.parse(example)).experiments)).toEqual(['checkout']);
});
