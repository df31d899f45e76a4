import type { Context } from 'hono';
import type { CollectorDeps } from '../collector-deps.ts';
import type { ByteBudget } from '../http/byte-budget.ts';
import { HttpError } from '../http/http-error.ts';
import { type Admission, type CollectorEnv, type Received, receive } from '../http/receive.ts';

/**
 * Lets in a request that asks something about one caller: as `receive`, but of no more bytes than an event, since what
 * it costs to answer grows with them and with the definitions. Throws 413 beyond that.
 */
export async function receiveSmall(
  c: Context<CollectorEnv>,
  deps: CollectorDeps,
  budget: ByteBudget,
  admission: Admission,
): Promise<Received> {
  const received = await receive(c, deps, budget, admission);
  const { maxEventBytes } = deps.limits;
  if (received.bodyBytes <= maxEventBytes) return received;
  throw new HttpError(413, 'body_too_large', `expected a body of at most ${maxEventBytes} bytes`);
}
