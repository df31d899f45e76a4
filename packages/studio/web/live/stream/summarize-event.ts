import type { JsonObject } from '@millrace/core';
import type { LiveEvent } from '../../../src/live/live-message.ts';

const SHOWN_PROPERTIES = 3;
// What says most about an event stands first; identifiers say least.
const PREFERRED = ['name', 'product', 'title', 'revenue', 'value', 'price', 'quantity', 'variant', 'plan'];

/** One property as the stream shows it. */
export interface ShownProperty {
  name: string;
  value: string;
}

/** The few properties that tell what happened, as text; for pages the path. */
export function summarizeEvent(event: LiveEvent): ShownProperty[] {
  if (event.type === 'page' || event.type === 'screen') {
    const title = event.columns.title ?? event.columns.name;
    const shown = [{ name: 'path', value: event.path || '/' }];
    if (typeof title === 'string' && title) shown.push({ name: 'title', value: title });
    return shown;
  }
  const source = event.type === 'identify' || event.type === 'group' ? event.traits : event.properties;
  return pick(source);
}

function pick(source: JsonObject): ShownProperty[] {
  const scalars = Object.entries(source).filter(
    ([, value]) => value !== null && value !== '' && typeof value !== 'object',
  );
  const currency = typeof source.currency === 'string' ? source.currency : '';
  return scalars
    .filter(([name]) => name !== 'currency')
    .map(([name, value]) => ({ name, rank: rankOf(name), value: valueText(name, value, currency) }))
    .sort((a, b) => a.rank - b.rank)
    .slice(0, SHOWN_PROPERTIES)
    .map(({ name, value }) => ({ name, value }));
}

function rankOf(name: string): number {
  const index = PREFERRED.indexOf(name);
  if (index >= 0) return index;
  return name.endsWith('_id') ? 200 : 100;
}

function valueText(name: string, value: unknown, currency: string): string {
  const money = name === 'revenue' || name === 'value' || name === 'price' || name === 'total';
  if (money && typeof value === 'number') return `${value.toFixed(2)}${currency ? ` ${currency}` : ''}`;
  return String(value);
}

/** Who did it: the user id, else the beginning of the anonymous id. */
export function whoOf(event: LiveEvent): { text: string; known: boolean } {
  if (event.userId) return { text: event.userId, known: true };
  if (event.anonymousId) return { text: `visitor ${event.anonymousId.slice(-6)}`, known: false };
  return { text: 'nobody', known: false };
}
