import { type EnrichStep, stringAt } from './enrich-step.ts';
import { truncateAddress } from './truncate-address.ts';

/**
 * `ip`: the network of `context.ip`, by which a server speaks for its visitor, else that of the
 * client. Either way only the truncated form leaves this step.
 */
export const addressStep: EnrichStep<[ip: string | undefined]> = {
  read: ({ context, request }) => [stringAt(context, 'ip') ?? request.ip],
  derive(address) {
    const ip = address === undefined ? undefined : truncateAddress(address);
    return ip === undefined ? {} : { ip };
  },
};
