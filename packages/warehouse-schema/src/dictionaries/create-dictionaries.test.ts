import { expect, it } from 'vitest';
import { dictionaryStatements } from './create-dictionaries.ts';

it('writes a hostile password and name as text', () => {
  const statements = dictionaryStatements('postgres://us%27er:p%27%5C%20a%24%26ss@db.internal/na%27me');
  expect(statements).toHaveLength(5);
  for (const statement of statements) {
    expect(statement).toContain("HOST 'db.internal'");
    expect(statement).toContain('PORT 5432');
    expect(statement).toContain("USER 'us\\'er'");
    expect(statement).toContain("PASSWORD 'p\\'\\\\ a$&ss'");
    expect(statement).toContain("DB 'na\\'me'");
    expect(statement).not.toContain('{postgresql}');
  }
});

it('refuses what is no address of PostgreSQL', () => {
  expect(() => dictionaryStatements('http://db.internal/name')).toThrow('postgres://');
});
