/** Something the shop sells. Prices are in euros. */
export interface Product {
  id: string;
  name: string;
  category: 'flour' | 'bread' | 'tools';
  price: number;
  detail: string;
  text: string;
}

/** The currency of all prices. */
export const CURRENCY = 'EUR';

/** All that the shop sells. */
export const PRODUCTS: readonly Product[] = [
  {
    id: 'wheat-flour',
    name: 'Stoneground wheat',
    category: 'flour',
    price: 4.2,
    detail: '1 kg, type 1050',
    text: 'Winter wheat, ground slowly between sandstones, so that it stays cool and keeps its oil. For everyday loaves with a thin crust.',
  },
  {
    id: 'rye-flour',
    name: 'Wholegrain rye',
    category: 'flour',
    price: 3.8,
    detail: '1 kg, coarse',
    text: 'The whole grain and nothing but. Dark, a little sour, happiest with a long and cool rest.',
  },
  {
    id: 'country-loaf',
    name: 'Country loaf',
    category: 'bread',
    price: 6.5,
    detail: '900 g, sourdough',
    text: 'Two days from starter to oven. Wheat, a fifth of rye, water, salt. It is better on its second day.',
  },
  {
    id: 'starter',
    name: 'Sourdough starter',
    category: 'bread',
    price: 7.9,
    detail: '180 g in a jar',
    text: 'From the same culture that raises our loaves. Feed it once a week and it will outlive the jar.',
  },
  {
    id: 'proofing-basket',
    name: 'Proofing basket',
    category: 'tools',
    price: 18,
    detail: 'Rattan, 23 cm',
    text: 'Keeps the dough in shape while it rises, and leaves its rings on the crust. For loaves of up to a kilo.',
  },
  {
    id: 'bread-knife',
    name: 'Bread knife',
    category: 'tools',
    price: 32,
    detail: 'Steel and oak, 22 cm',
    text: 'A wave that cuts the crust without crushing the crumb. The handle is oak from an old mill wheel.',
  },
];

/** The product of that id, if the shop sells it. */
export function findProduct(id: string): Product | undefined {
  return PRODUCTS.find((product) => product.id === id);
}

/** A price as the shop writes it. */
export function formatPrice(price: number): string {
  return `€${price.toFixed(2)}`;
}
