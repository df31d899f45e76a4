import type { ByteWriter } from '../byte-writer.ts';
import { addressStep } from './address.ts';
import { clientStep } from './client.ts';
import { type ColumnRenderer, createColumnRenderer, type EnrichInput } from './enrich-step.ts';
import { pageStep } from './page.ts';
import { revenueStep } from './revenue.ts';
import { userAgentStep } from './user-agent.ts';

/** Every step; no two fill the same column. */
const RENDERERS: readonly ColumnRenderer[] = [
  createColumnRenderer(addressStep),
  createColumnRenderer(userAgentStep),
  createColumnRenderer(pageStep),
  createColumnRenderer(clientStep),
  createColumnRenderer(revenueStep),
];

/** Writes everything that can be derived from an event and its request, as JSON members with commas before them. */
export function enrich(input: EnrichInput, out: ByteWriter): void {
  for (const render of RENDERERS) out.bytes(render(input));
}
