/**
 * The body of a batch that asks for verdicts. The events' JSON is taken over as it is; `sentAt` is when this attempt is
 * made, in milliseconds since 1970.
 */
export function batchBody(events: readonly string[], writeKey: string, sentAt: number): string {
  const sent = new Date(sentAt).toISOString();
  return `{"writeKey":${JSON.stringify(writeKey)},"sentAt":"${sent}","verdicts":1,"batch":[${events.join()}]}`;
}
