/** What the shop records: names and properties, checked where they are used. */
export interface ShopEvents {
  'Product Added': { product: string; price: number };
  'Order Completed': { order: string; products: string[]; revenue: number; currency: string };
}

/** What the shop tries out: the variants of its experiments, the values of its flags. */
export interface ShopFlags {
  headline: 'control' | 'bold';
  buy_button: 'control' | 'steep';
  buy_label: string;
  free_shipping_from: number;
}

/** The payload of a variant of `headline`. */
export interface Headline {
  title: string;
  text: string;
}
