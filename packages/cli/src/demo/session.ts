import type { EventContext, JsonObject, WireEvent } from '@millrace/core';
import { CATALOGUE, CURRENCY, type Product, SHOP_NAME } from './catalogue.ts';
import { BOTS } from './devices.ts';
import { uuidV4, uuidV7At } from './ids.ts';
import type { SeededRandom } from './seeded-random.ts';
import { SOURCES, type Source } from './sources.ts';
import type { Browser, Visitor } from './visitor.ts';

/** What a session is made from. */
export interface SessionOptions {
  visitor: Visitor;
  startMs: number;
  /** Where the shop stands, without a path. */
  origin: string;
  random: SeededRandom;
}

const BOT_SHARE = 0.03;

/** The events of one visit, in order: pages, products, the cart, and for some an order. */
export function makeSession(options: SessionOptions): WireEvent[] {
  const { visitor, random } = options;
  const source = random.weighted(SOURCES, ({ share }) => share);
  if (random.chance(BOT_SHARE)) return makeBotSession(options);
  const browser = random.weighted(visitor.browsers, () => 1);
  const visit = startVisit(options, browser, source);
  const drive = visitor.interest * source.intent * (browser.device.kind === 'mobile' ? 0.75 : 1.15);

  const landsOnProduct = source.landing === 'product' || (source.landing === 'either' && random.chance(0.5));
  if (!landsOnProduct) visit.page('Home', '/shop');
  if (!landsOnProduct && random.chance(0.4 / drive)) return visit.events;

  const cart = browse(visit, drive, random);
  if (cart.size === 0) return visit.events;
  visit.page('Cart', '/shop/cart');
  if (!random.chance(Math.min(0.5 * drive ** 0.3, 0.9))) return visit.events;
  checkOut(visit, cart, visitor, drive, random);
  return visit.events;
}

function browse(visit: Visit, drive: number, random: SeededRandom): Map<Product, number> {
  const cart = new Map<Product, number>();
  do {
    const product = random.weighted(CATALOGUE, ({ popularity }) => popularity);
    visit.page(product.name, `/shop/p/${product.id}`);
    visit.track('product_viewed', describe(product));
    if (random.chance(Math.min(0.1 * product.appeal * drive, 0.85))) {
      const quantity = product.price < 10 && random.chance(0.3) ? 2 : 1;
      cart.set(product, (cart.get(product) ?? 0) + quantity);
      visit.track('add_to_cart', { ...describe(product), quantity });
      if (random.chance(0.07)) {
        cart.delete(product);
        visit.track('remove_from_cart', { ...describe(product), quantity });
      }
    }
  } while (random.chance(Math.min(0.52 * drive ** 0.35, 0.86)));
  return cart;
}

function checkOut(
  visit: Visit,
  cart: Map<Product, number>,
  visitor: Visitor,
  drive: number,
  random: SeededRandom,
): void {
  const lines = [...cart];
  const revenue = round(lines.reduce((sum, [product, quantity]) => sum + product.price * quantity, 0));
  const items = lines.reduce((sum, [, quantity]) => sum + quantity, 0);
  visit.track('checkout_started', { items, value: revenue, currency: CURRENCY });
  visit.page('Checkout', '/shop/checkout');
  if (!random.chance(Math.min(0.64 * drive ** 0.2, 0.93))) return;
  visit.identify(visitor.userId, visitor.traits);
  visit.track('order_completed', {
    order_id: `WM-${random.hex(6).toUpperCase()}`,
    revenue,
    currency: CURRENCY,
    items,
    products: lines.map(([product, quantity]) => ({ ...describe(product), quantity })),
  });
  visit.page('Thanks', '/shop/thanks');
}

function makeBotSession(options: SessionOptions): WireEvent[] {
  const { random } = options;
  const device = random.weighted(BOTS, ({ share }) => share);
  const visit = startVisit(options, { anonymousId: uuidV4(random), device });
  for (let pages = random.integer(1, 3); pages > 0; pages -= 1) {
    const product = random.weighted(CATALOGUE, () => 1);
    visit.page(product.name, `/shop/p/${product.id}`);
  }
  return visit.events;
}

interface Visit {
  events: WireEvent[];
  page(name: string, path: string): void;
  track(event: string, properties: JsonObject): void;
  identify(userId: string, traits: JsonObject): void;
}

/** Keeps the clock, the page and the identity of a visit, as an SDK in the page would. */
function startVisit(options: SessionOptions, browser: Browser, source?: Source): Visit {
  const { visitor, startMs, origin, random } = options;
  const sessionId = uuidV7At(startMs, random);
  const events: WireEvent[] = [];
  let now = startMs;
  let page: NonNullable<EventContext['page']> = {};
  let userId: string | undefined;

  function add(event: Pick<WireEvent, 'type'> & Partial<WireEvent>): void {
    const landing = events.length === 0 ? source?.campaign : undefined;
    events.push({
      messageId: uuidV7At(now, random),
      ...event,
      anonymousId: browser.anonymousId,
      ...(userId === undefined ? {} : { userId }),
      sessionId,
      timestamp: new Date(now).toISOString(),
      context: {
        page,
        ...(landing ? { campaign: landing } : {}),
        library: { name: '@millrace/demo', version: '1' },
        locale: visitor.locale,
        screen: browser.device.screen,
        timezone: visitor.region.timezone,
        userAgent: browser.device.userAgent,
      },
    });
  }

  return {
    events,
    page(name, path) {
      if (events.length > 0) now += Math.round(random.logNormal(14_000, 0.9));
      const search = events.length === 0 ? searchOf(source) : '';
      page = {
        path,
        search,
        title: path === '/shop' ? SHOP_NAME : `${name} · ${SHOP_NAME}`,
        url: `${origin}${path}${search}`,
        referrer: events.length === 0 ? (source?.referrer ?? '') : (page.url ?? ''),
      };
      add({ type: 'page', name });
    },
    track(event, properties) {
      // What a page shows is tracked with it; what a visitor does takes a while.
      now += event === 'product_viewed' ? random.integer(3, 40) : Math.round(random.logNormal(9_000, 0.8));
      add({ type: 'track', event, properties });
    },
    identify(id, traits) {
      now += Math.round(random.logNormal(45_000, 0.5));
      userId = id;
      add({ type: 'identify', traits });
    },
  };
}

function searchOf(source: Source | undefined): string {
  if (!source?.campaign) return '';
  const { source: from, medium, name, content } = source.campaign;
  const parameters = {
    utm_source: from,
    utm_medium: medium,
    utm_campaign: name,
    ...(content && { utm_content: content }),
  };
  return `?${new URLSearchParams(parameters)}`;
}

function describe(product: Product): JsonObject {
  const { id, name, category, price } = product;
  return { product_id: id, name, category, price, currency: CURRENCY };
}

function round(amount: number): number {
  return Math.round(amount * 100) / 100;
}
