import { expectTypeOf } from 'vitest';
import { type Analytics, createAnalytics } from './index.ts';

// Compiled by `npm run check`; never run.

interface ProductAdded {
  sku: string;
  price?: number;
}

interface Events {
  'Product Added': ProductAdded;
  Searched: { query?: string };
  'Logged Out': undefined;
}

interface Traits {
  plan: 'free' | 'pro';
  seats: number;
}

const options = { writeKey: 'wk', host: 'https://example.com' };
const analytics = createAnalytics<Events, Traits>(options);
const product: ProductAdded = { sku: 'mug' };

analytics.track('Product Added', product);
analytics.track('Product Added', { sku: 'mug', price: 3 });
analytics.track('Searched');
analytics.track('Searched', { query: 'mug' });
analytics.track('Logged Out');
analytics.track('$page_leave', { engagedMs: 5 });
// @ts-expect-error: not an event
analytics.track('Product Addad', product);
// @ts-expect-error: the properties are missing
analytics.track('Product Added');
// @ts-expect-error: a property has another type
analytics.track('Product Added', { sku: 7 });
// @ts-expect-error: a property that does not exist
analytics.track('Searched', { kuery: 'mug' });
// @ts-expect-error: this event has no properties
analytics.track('Logged Out', { sku: 'mug' });

analytics.identify('u', { plan: 'pro' });
analytics.identify({ seats: 3 });
analytics.identify(7);
// @ts-expect-error: not a plan
analytics.identify('u', { plan: 'gold' });

// Without types of its own a client takes every name, and interfaces, classes and objects alike.
const loose = createAnalytics(options);
class Cart {
  items = 2;
}
loose.track('Anything');
loose.track('Anything', product);
loose.track('Anything', new Cart());
loose.identify('u', product);
// @ts-expect-error: properties are an object
loose.track('Anything', 'text');
expectTypeOf(loose).toEqualTypeOf<Analytics>();

// What builds on a client takes one with any events.
interface Tracker {
  track(event: `$${string}`, properties?: object): void;
  page(properties: object): void;
  ids(): { anonymousId: string };
}
expectTypeOf(analytics).toExtend<Tracker>();
expectTypeOf(loose).toExtend<Tracker>();

createAnalytics({
  ...options,
  consent: 'pending',
  beforeSend: (event) => (event.context.page?.path === '/private' ? null : event),
  enrich: [(event) => Object.assign(event.context, { device: { type: 'phone' } })],
  onDrop({ reason, count, messageIds }) {
    expectTypeOf(count).toBeNumber();
    expectTypeOf(messageIds).toEqualTypeOf<string[]>();
    return reason;
  },
});
// @ts-expect-error: not a state of consent
createAnalytics({ ...options, consent: 'yes' });
