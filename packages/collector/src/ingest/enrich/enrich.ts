import type { ByteWriter } from '../byte-writer.ts';
import { addressStep } from './address.ts';
import { clientStep } from './client.ts';
import { createColumnRenderer, type EnrichInput } from './enrich-step.ts';
import { pageStep } from './page.ts';
import { revenueStep } from './revenue.ts';
import { userAgentStep } from './user-agent.ts';

// Every step; no two fill the same column.
const renderAddress = createColumnRenderer(addressStep);
const renderUserAgent = createColumnRenderer(userAgentStep);
const renderPage = createColumnRenderer(pageStep);
const renderClient = createColumnRenderer(clientStep);
const renderRevenue = createColumnRenderer(revenueStep);

/**
 * What can be derived from an event's context and its request's `User-Agent`, as JSON members with
 * commas before them. Of the properties only those of a `page` event are read.
 */
export function contextMembers(input: EnrichInput): Buffer {
  return Buffer.concat([renderUserAgent(input), renderPage(input), renderClient(input)]);
}

/** Writes everything that can be derived from an event and its request; `known` is its `contextMembers` if at hand. */
export function enrich(input: EnrichInput, out: ByteWriter, known?: Uint8Array): void {
  out.bytes(renderAddress(input));
  if (known) {
    out.bytes(known);
  } else {
    out.bytes(renderUserAgent(input));
    out.bytes(renderPage(input));
    out.bytes(renderClient(input));
  }
  out.bytes(renderRevenue(input));
}
