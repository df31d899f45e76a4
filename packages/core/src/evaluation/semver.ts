const VERSION = /^[v=\s]*(\d+)(?:\.(\d+))?(?:\.(\d+))?(?:-([0-9a-z.-]+))?(?:\+[0-9a-z.-]+)?\s*$/i;

/**
 * Compares two versions by the precedence of semver.org 2.0.0, section 11: negative, 0 or positive; NaN where one
 * is no version. Missing numbers are 0, a leading `v` is ignored.
 */
export function compareSemver(left: string, right: string): number {
  const a = VERSION.exec(left);
  const b = VERSION.exec(right);
  if (!a || !b) return Number.NaN;
  return (
    compareLists(a.slice(1, 4), b.slice(1, 4)) ||
    // A release comes after its pre-releases.
    Number(!a[4]) - Number(!b[4]) ||
    compareLists(a[4]?.split('.') ?? [], b[4]?.split('.') ?? [])
  );
}

/** Identifiers are compared one by one, numbers before names; the longer list comes after. */
function compareLists(a: (string | undefined)[], b: (string | undefined)[]): number {
  for (let i = 0; i < Math.min(a.length, b.length); i++) {
    const order = compareIdentifiers(a[i] ?? '0', b[i] ?? '0');
    if (order) return order;
  }
  return a.length - b.length;
}

function compareIdentifiers(a: string, b: string): number {
  const numeric = /^\d+$/;
  const aIsNumber = numeric.test(a);
  const bIsNumber = numeric.test(b);
  if (aIsNumber && bIsNumber) return Number(a) - Number(b);
  if (aIsNumber !== bIsNumber) return aIsNumber ? -1 : 1;
  return a < b ? -1 : Number(a > b);
}
