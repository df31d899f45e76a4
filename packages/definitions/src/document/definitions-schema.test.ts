import { Ajv2020 } from 'ajv/dist/2020.js';
import { expect, it } from 'vitest';
import published from '../../../../spec/definitions.schema.json' with { type: 'json' };
import spec from '../../../../spec/evaluation.json' with { type: 'json' };
import { definitionsSchema } from './definitions-schema.ts';

it('is what spec/definitions.schema.json says', () => {
  expect(published).toEqual(JSON.parse(JSON.stringify(definitionsSchema)));
});

it('is a JSON Schema of 2020-12, which another validator takes and applies', () => {
  const validate = new Ajv2020({ strict: true, allowUnionTypes: true }).compile(published);
  expect(validate(spec.definitions), JSON.stringify(validate.errors)).toBe(true);
  expect(validate({ ...spec.definitions, flags: { a: { type: 'date', enabled: true } } })).toBe(false);
});
