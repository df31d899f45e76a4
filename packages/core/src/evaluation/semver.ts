const VERSION = /^[v=\s]*(\d+)(?:\.(\d+))?(?:\.(\d+))?(?:-([0-9a-z.-]+))?(?:\+[0-9a-z.-]+)?\s*$/i;

/**
 * Compares two versions by the precedence of semver.org 2.0.0, section 11: negative, 0 or positive; NaN where one
 * is no version. Missing numbers are 0, a leading `v` is ignored.
 */
export function compareSemver(left: string, right: string): number {
  const a = VERSION.exec(left);
  const b = VERSION.exec(right);
  if (!a || !b) return Number.NaN;
  for (let part = 1; part <= 3; part++) {
    const difference = Number(a[part] ?? 0) - Number(b[part] ?? 0);
    if (difference) return difference;
  }
  return comparePrerelease(a[4], b[4]);
}

/** A release comes after its pre-releases; identifiers are compared one by one, numbers before names. */
function comparePrerelease(left: string | undefined, right: string | undefined): number {
  if (!left || !right) return Number(!left) - Number(!right);
  const a = left.split('.');
  const b = right.split('.');
  for (let i = 0; i < Math.min(a.length, b.length); i++) {
    const order = compareIdentifier(a[i] as string, b[i] as string);
    if (order) return order;
  }
  return a.length - b.length;
}

function compareIdentifier(a: string, b: string): number {
  const numeric = /^\d+$/;
  const aIsNumber = numeric.test(a);
  const bIsNumber = numeric.test(b);
  if (aIsNumber && bIsNumber) return Number(a) - Number(b);
  if (aIsNumber !== bIsNumber) return aIsNumber ? -1 : 1;
  return a < b ? -1 : Number(a > b);
}
