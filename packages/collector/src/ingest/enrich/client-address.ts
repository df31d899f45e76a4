import { type EnrichStep, stringAt } from './enrich-step.ts';
import { truncateAddress } from './truncate-address.ts';

/**
 * `ip`: the network of `context.ip`, by which a server speaks for its visitor, else of the client.
 * Either way only the truncated form leaves this step.
 */
export const clientAddress: EnrichStep = (row, { context, request }) => {
  const given = stringAt(context, 'ip');
  const ip = given === undefined ? request.ip : truncateAddress(given);
  if (ip !== undefined) row.ip = ip;
};
