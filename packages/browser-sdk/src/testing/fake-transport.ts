import type { TransportAnswer, WireBatch } from '@millrace/core';
import type { Transport } from '../transport.ts';

/** A request that a test sees, and answers when it likes. */
interface FakeRequest {
  names: string[];
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

/** Everything is taken. */
export const taken: TransportAnswer = { status: 200, body: { success: true } };

/** A fake transport that takes everything. */
export function createFakeTransport(): FakeTransport {
  const transport: FakeTransport = {
    requests: [],
    respond: () => taken,
    outlivesPage: true,
    room: 60 * 1024,
    sendBody(text, onUnload) {
      const { batch, sentAt } = JSON.parse(text) as WireBatch;
      let settle: (answer: TransportAnswer) => void = () => {};
      const held = onUnload ? text.length : 0;
      transport.room -= held;
      const answer = new Promise<TransportAnswer>((resolve) => {
        settle = (given) => {
          transport.room += held;
          resolve(given);
        };
      });
      const names = batch.map((event) => event.messageId.replace(/_+$/, ''));
      const request: FakeRequest = { names, sentAt, onUnload, answer: settle };
      transport.requests.push(request);
      const given = transport.respond(request);
      if (given) settle(given);
      return { answer, outlivesPage: onUnload || transport.outlivesPage };
    },
    unloadRoom: () => transport.room,
  };
  return transport;
}
