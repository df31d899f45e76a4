import { type Analytics, createAnalytics } from '@millrace/node-sdk';
import type { ShopEvents, ShopFlags } from './events.ts';
import { readSettings } from './settings.ts';

type ShopAnalytics = Analytics<ShopEvents, object, ShopFlags>;

// A development server loads modules anew at each change; one client lives as long as the process.
const kept = globalThis as typeof globalThis & { shopAnalytics?: ShopAnalytics };

/** The server's client: events of the server, and variants for every visitor. */
export function serverAnalytics(): ShopAnalytics {
  const { host, serverKey } = readSettings();
  kept.shopAnalytics ??= createAnalytics<ShopEvents, object, ShopFlags>({ host, writeKey: serverKey });
  return kept.shopAnalytics;
}
