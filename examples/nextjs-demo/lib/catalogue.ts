/** A tea on the shelf. */
export interface Product {
  slug: string;
  name: string;
  taste: string;
  story: string;
  /** In cents of a euro. */
  price: number;
  /** Of the leaf, as CSS takes it. */
  colour: string;
}

export const PRODUCTS: readonly Product[] = [
  {
    slug: 'morning-weir',
    name: 'Morning Weir',
    taste: 'Assam, malty and strong',
    story: 'Picked in the second flush, when the leaf is at its darkest. Takes milk, and needs none.',
    price: 890,
    colour: '#8a3b12',
  },
  {
    slug: 'mill-pond-green',
    name: 'Mill Pond Green',
    taste: 'Sencha, grassy and cool',
    story: 'Steamed within the hour. Brew it at 70 degrees and for no longer than a minute.',
    price: 1190,
    colour: '#4d7c3a',
  },
  {
    slug: 'sluice-smoke',
    name: 'Sluice Smoke',
    taste: 'Lapsang, pine and tar',
    story: 'Dried over pinewood fires. A spoonful also does wonders for a stew.',
    price: 1340,
    colour: '#3b3632',
  },
  {
    slug: 'paddle-white',
    name: 'Paddle White',
    taste: 'Silver needle, hay and honey',
    story: 'Buds alone, dried in the sun for two days. The second cup is better than the first.',
    price: 2150,
    colour: '#c9a24d',
  },
  {
    slug: 'tailrace-mint',
    name: 'Tailrace Mint',
    taste: 'Gunpowder with spearmint',
    story: 'Green pearls and whole leaves of mint. Good hot, better over ice.',
    price: 760,
    colour: '#2f7f6d',
  },
  {
    slug: 'evening-wheel',
    name: 'Evening Wheel',
    taste: 'Rooibos, vanilla, no caffeine',
    story: 'From the Cederberg, with pieces of real vanilla. For whoever wants to sleep.',
    price: 820,
    colour: '#b4512e',
  },
];

/** The product of that address; undefined where there is none. */
export function productOf(slug: string): Product | undefined {
  return PRODUCTS.find((product) => product.slug === slug);
}

/** A price in words: "€ 8.90". */
export function euros(cents: number): string {
  return `€ ${(cents / 100).toFixed(2)}`;
}
