/** Something the demo shop sells; the price is in euros. */
export interface Product {
  id: string;
  name: string;
  category: 'flour' | 'bread' | 'tools' | 'grains' | 'books';
  price: number;
  /** How often it is looked at, against the others. */
  popularity: number;
  /** How readily one who looks at it buys it; 1 is usual. */
  appeal: number;
}

/** The shop that the traffic visits: the one that the server shows at /shop, with a longer shelf. */
export const SHOP_NAME = 'Weir Mill Pantry';

/** The currency of all prices. */
export const CURRENCY = 'EUR';

/** All that the shop sells. */
export const CATALOGUE: readonly Product[] = [
  {
    id: 'wheat-flour',
    name: 'Stoneground wheat',
    category: 'flour',
    price: 4.2,
    popularity: 10,
    appeal: 1.4,
  },
  { id: 'rye-flour', name: 'Wholegrain rye', category: 'flour', price: 3.8, popularity: 7, appeal: 1.3 },
  { id: 'spelt-flour', name: 'Light spelt', category: 'flour', price: 4.9, popularity: 6, appeal: 1.2 },
  { id: 'durum-flour', name: 'Durum for pasta', category: 'flour', price: 4.5, popularity: 4, appeal: 1.1 },
  { id: 'country-loaf', name: 'Country loaf', category: 'bread', price: 6.5, popularity: 12, appeal: 1.5 },
  { id: 'seeded-loaf', name: 'Seeded rye loaf', category: 'bread', price: 7.2, popularity: 8, appeal: 1.3 },
  { id: 'starter', name: 'Sourdough starter', category: 'bread', price: 7.9, popularity: 9, appeal: 1.2 },
  { id: 'crispbread', name: 'Rye crispbread', category: 'bread', price: 3.4, popularity: 3, appeal: 1 },
  {
    id: 'proofing-basket',
    name: 'Proofing basket',
    category: 'tools',
    price: 18,
    popularity: 6,
    appeal: 0.8,
  },
  { id: 'bread-knife', name: 'Bread knife', category: 'tools', price: 32, popularity: 7, appeal: 0.5 },
  { id: 'dutch-oven', name: 'Cast-iron pot', category: 'tools', price: 89, popularity: 6, appeal: 0.25 },
  { id: 'hand-mill', name: 'Hand mill', category: 'tools', price: 149, popularity: 4, appeal: 0.12 },
  { id: 'dough-scraper', name: 'Dough scraper', category: 'tools', price: 8.5, popularity: 3, appeal: 1 },
  { id: 'rolled-oats', name: 'Rolled oats', category: 'grains', price: 3.1, popularity: 5, appeal: 1.3 },
  { id: 'emmer', name: 'Emmer, whole', category: 'grains', price: 5.6, popularity: 2, appeal: 0.9 },
  { id: 'buckwheat', name: 'Buckwheat groats', category: 'grains', price: 4.4, popularity: 3, appeal: 0.9 },
  { id: 'first-loaf', name: 'Your first loaf', category: 'books', price: 24, popularity: 4, appeal: 0.6 },
  { id: 'rye-year', name: 'A year in rye', category: 'books', price: 29, popularity: 2, appeal: 0.4 },
];
