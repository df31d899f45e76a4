const FIELDS: Readonly<Record<string, string>> = {
  user_id: 'userId',
  anonymous_id: 'anonymousId',
  session_id: 'sessionId',
  event_type: 'event',
  event_id: 'messageId',
  timestamp: 'timestamp',
  properties: 'properties',
  traits: 'traits',
  context: 'context',
};

const SHORT_NAMES: Readonly<Record<string, string>> = Object.fromEntries(
  Object.entries(FIELDS).map(([short, wire]) => [wire, short]),
);

/** A `track` event on the wire, from the short form of `POST /track`: `user_id`, `event_type` and so on. */
export function fromShortForm(body: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const event: Record<string, unknown> = { type: 'track' };
  for (const [short, wire] of Object.entries(FIELDS)) {
    if (body[short] !== undefined) event[wire] = body[short];
  }
  return event;
}

/** What the short form calls a field of the wire. */
export function shortFieldName(wireField: string): string {
  return SHORT_NAMES[wireField] ?? wireField;
}
