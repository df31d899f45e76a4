import type { VisitorScope } from '../scope.ts';

/** One scope of several, the later ones above the earlier ones; attributes, overrides and context field by field. */
export function mergeScopes(scopes: readonly (VisitorScope | undefined)[]): VisitorScope {
  const merged: VisitorScope = {};
  for (const scope of scopes) {
    if (!isObject(scope)) continue;
    for (const [name, value] of Object.entries(scope)) {
      if (value === undefined || value === null) continue;
      const isTable = name === 'attributes' || name === 'overrides' || name === 'context';
      if (!isTable) Object.assign(merged, { [name]: value });
      else if (isObject(value)) Object.assign(merged, { [name]: { ...merged[name], ...value } });
    }
  }
  return merged;
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
