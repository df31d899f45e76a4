import { expect, it } from 'vitest';
import { splitStatements } from './split-statements.ts';

it('ends a statement at ";" at the end of a line, and nowhere else', () => {
  expect(splitStatements("SELECT ';' AS a, 1;2;\nSELECT 3; \r\nSELECT 4;")).toEqual([
    "SELECT ';' AS a, 1;2",
    'SELECT 3',
    'SELECT 4',
  ]);
});

it('leaves out comments before a statement and after the last one', () => {
  expect(splitStatements('-- one\n\n-- two\nSELECT 1 -- three\n;\n-- four\n')).toEqual(['SELECT 1 -- three']);
});

it('refuses text after the last ";"', () => {
  expect(() => splitStatements('SELECT 1;\nSELECT 2')).toThrow(SyntaxError);
});
