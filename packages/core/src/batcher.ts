/**
 * The body of a batch that asks for verdicts. The events' JSON is taken over as it is; `sentAt` is when this attempt is
 * made, in ISO 8601.
 */
export function batchBody(events: readonly string[], writeKey: string, sentAt: string): string {
  return `{"writeKey":${JSON.stringify(writeKey)},"sentAt":"${sentAt}","verdicts":1,"batch":[${events.join()}]}`;
}
