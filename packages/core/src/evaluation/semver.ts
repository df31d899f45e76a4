const VERSION = /^[v=\s]*(\d+)(?:\.(\d+))?(?:\.(\d+))?(?:-([0-9a-z.-]+))?(?:\+[0-9a-z.-]+)?\s*$/i;

/**
 * A text that stands among those of other versions where the version does, by the precedence of semver.org 2.0.0,
 * section 11; undefined for what is no version. Missing numbers are 0, a leading `v` is ignored.
 */
export function versionKey(version: string): string | undefined {
  const [found, major, minor, patch, suffix] = VERSION.exec(version) ?? [];
  // Identifiers are compared one by one, numbers before names; the longer list comes after, and a release after all.
  return (
    found &&
    `${[major, minor, patch].map((number = '0') => keyOf(number)).join('!')}!${suffix ? suffix.split('.').map(keyOf).join('!') : '~~'}`
  );
}

/** Compares two versions: negative, 0 or positive; NaN where one is no version. */
export function compareSemver(left: string, right: string): number {
  const a = versionKey(left);
  const b = versionKey(right);
  if (!a || !b) return Number.NaN;
  return a < b ? -1 : Number(a > b);
}

/** `!` and the digits come before whatever an identifier may have, `~` after. */
function keyOf(identifier: string): string {
  return /\D/.test(identifier) || !identifier ? `~${identifier}` : identifier.padStart(32, '0');
}
