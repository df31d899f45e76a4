import type { Variants } from './variants.ts';

// Compiled by `npm run check`; never run.

interface Flags {
  checkout: 'control' | 'one_page';
  dark_mode: boolean;
  limit: number;
  banner: { text: string };
}

declare const typed: Variants<Flags>;
declare const loose: Variants;

const variant: 'control' | 'one_page' = typed.getVariant('checkout');
const dark: boolean = typed.getFlag('dark_mode', false);
const limit: number = typed.getFlag('limit', 3);
const text: string = typed.getFlag('banner', { text: 'Hello' }).text;
const found: boolean = typed.getDetails('dark_mode').value;
// @ts-expect-error: not a flag
typed.getFlag('dark_node', false);
// @ts-expect-error: the fallback is of another type
typed.getFlag('dark_mode', 'no');
// @ts-expect-error: not an experiment, its values are no names
typed.getVariant('dark_mode');
// @ts-expect-error: not a variant
const wrong: 'two_pages' = typed.getVariant('checkout');

// Without a map every key is taken, and the fallback says the type.
const any: string = loose.getVariant('anything');
const flag: boolean = loose.getFlag('anything', false);
const count: number = loose.getFlag('anything', 1);
const name: string = loose.getFlag('anything', 'a');
const config: { rows: number } = loose.getFlag('anything', { rows: 2 });
// @ts-expect-error: a fallback of false does not mean false for ever
const never: false = loose.getFlag('anything', false);

export type Checked = [
  typeof variant,
  typeof dark,
  typeof limit,
  typeof text,
  typeof found,
  typeof wrong,
  typeof any,
  typeof flag,
  typeof count,
  typeof name,
  typeof config,
  typeof never,
];
