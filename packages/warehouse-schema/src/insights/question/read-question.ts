import type { TSchema } from 'typebox';
import { Compile } from 'typebox/schema';
import { invalid } from '../insight-error.ts';

const compiled = new Map<TSchema, ReturnType<typeof Compile>>();

/**
 * The question, once it is known to have the schema's shape.
 * @throws InsightError `invalid_question` that names the field, the innermost one at fault.
 */
export function readQuestion<Q>(schema: TSchema, value: unknown): Q {
  let check = compiled.get(schema);
  if (check === undefined) {
    check = Compile(schema);
    compiled.set(schema, check);
  }
  if (check.Check(value)) return value as Q;
  const [, errors] = check.Errors(value);
  // Where one of several shapes would do, each complains: what lies deepest is what was meant.
  const said = errors.filter(({ keyword }) => keyword !== 'boolean' && keyword !== 'anyOf');
  const depth = (path: string) => path.split('/').length;
  const [error] = said.sort((a, b) => depth(b.instancePath) - depth(a.instancePath));
  if (error === undefined) throw invalid('', 'expected an object of the shape that the insight describes');
  const names = Object.values(error.params as object)
    .flat()
    .filter((name): name is string => typeof name === 'string');
  const { keyword, instancePath } = error;
  if (keyword === 'required') throw invalid(`${instancePath}/${names[0]}`, 'is required');
  if (keyword === 'additionalProperties') throw invalid(`${instancePath}/${names[0]}`, 'is no field of this');
  if (keyword === 'enum') throw invalid(instancePath, `must be one of ${allowed(error.params)}`);
  throw invalid(instancePath, error.message);
}

function allowed(params: unknown): string {
  return ((params as { allowedValues?: unknown[] }).allowedValues ?? []).join(', ');
}
