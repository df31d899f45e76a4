/** A seed for this run. A test that fails says which: its message should hold it. */
export function freshSeed(): number {
  return Math.floor(Math.random() * 2 ** 32);
}
