import type { TransportAnswer, WireBatch } from '@millrace/core';
import type { Transport } from '../transport.ts';

/** A request that a test sees, and answers when it likes. */
interface FakeRequest {
  ids: string[];
  sentAt: string;
  onUnload: boolean;
  answer(answer: TransportAnswer): void;
}

/** A transport whose answers a test gives: by `respond`, or by hand where that gives none. */
export interface FakeTransport extends Transport {
  requests: FakeRequest[];
  respond: (request: FakeRequest) => TransportAnswer | undefined;
  /** Whether ordinary requests outlive the page. */
  outlivesPage: boolean;
  room: number;
}

/** Everything of `ids` taken. */
export const taken: TransportAnswer = { status: 200, body: { success: true } };

/** A fake transport that takes everything. */
export function createFakeTransport(): FakeTransport {
  const make = (body: string, onUnload: boolean) => {
    const { batch, sentAt } = JSON.parse(body) as WireBatch;
    let settle: (answer: TransportAnswer) => void = () => {};
    const answer = new Promise<TransportAnswer>((resolve) => {
      settle = resolve;
    });
    const ids = batch.map((event) => event.messageId);
    const request: FakeRequest = { ids, sentAt, onUnload, answer: settle };
    transport.requests.push(request);
    const given = transport.respond(request);
    if (given) settle(given);
    return { answer, outlivesPage: onUnload || transport.outlivesPage };
  };
  const transport: FakeTransport = {
    requests: [],
    respond: () => taken,
    outlivesPage: true,
    room: 60 * 1024,
    send: (body) => make(body, false),
    sendOnUnload: (body) => {
      transport.room -= body.length;
      return make(body, true);
    },
    unloadRoom: () => transport.room,
  };
  return transport;
}
