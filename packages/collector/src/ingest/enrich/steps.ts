import { campaign } from './campaign.ts';
import { channel } from './channel.ts';
import { client } from './client.ts';
import { clientAddress } from './client-address.ts';
import { device } from './device.ts';
import type { EnrichStep } from './enrich-step.ts';
import { page } from './page.ts';
import { revenue } from './revenue.ts';
import { userAgent } from './user-agent.ts';

/** Every step, in order: `device` corrects `userAgent`, `channel` reads what `page` and `campaign` found. */
export const ENRICH_STEPS: readonly EnrichStep[] = [
  clientAddress,
  userAgent,
  device,
  page,
  campaign,
  channel,
  client,
  revenue,
];
