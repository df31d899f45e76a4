/** How a visit begins: what sent the visitor. */
export interface Source {
  share: number;
  referrer: string;
  campaign?: { source: string; medium: string; name: string; content?: string };
  /** How serious its visitors are; 1 is usual. */
  intent: number;
  /** Where they arrive: `product` on a product's page rather than the first. */
  landing: 'home' | 'product' | 'either';
}

/** What sends visitors to the demo shop. */
export const SOURCES: readonly Source[] = [
  { share: 26, referrer: '', intent: 1.3, landing: 'home' },
  { share: 24, referrer: 'https://www.google.com/', intent: 1, landing: 'either' },
  { share: 4, referrer: 'https://duckduckgo.com/', intent: 1, landing: 'either' },
  { share: 3, referrer: 'https://www.bing.com/', intent: 0.9, landing: 'either' },
  {
    share: 11,
    referrer: 'https://www.google.com/',
    campaign: { source: 'google', medium: 'cpc', name: 'flour-search', content: 'stoneground' },
    intent: 1.2,
    landing: 'product',
  },
  {
    share: 9,
    referrer: 'https://l.instagram.com/',
    campaign: { source: 'instagram', medium: 'paid_social', name: 'autumn-baking', content: 'reel-3' },
    intent: 0.45,
    landing: 'product',
  },
  {
    share: 6,
    referrer: 'https://l.facebook.com/',
    campaign: { source: 'facebook', medium: 'paid_social', name: 'autumn-baking', content: 'carousel' },
    intent: 0.5,
    landing: 'product',
  },
  {
    share: 7,
    referrer: '',
    campaign: { source: 'newsletter', medium: 'email', name: 'saturday-loaf' },
    intent: 2,
    landing: 'either',
  },
  { share: 3, referrer: 'https://www.pinterest.com/', intent: 0.6, landing: 'product' },
  { share: 3, referrer: 'https://www.youtube.com/', intent: 0.7, landing: 'home' },
  { share: 4, referrer: 'https://breadbakers.example/forum/starter-advice', intent: 1.4, landing: 'either' },
];
