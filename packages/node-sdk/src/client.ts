import type { AnyEvents } from '@millrace/core';
import { type EventType, type JsonObject, MAX_EVENT_BYTES, type WireEvent } from '@millrace/core';
import type { AnyFlags } from '@millrace/core/variants';
import type { Analytics, EventOptions, Recorder } from './analytics.ts';
import { readObject, readText } from './arguments.ts';
import { createOutbox } from './delivery/outbox.ts';
import { createSender } from './delivery/sender.ts';
import { createTransport } from './delivery/transport.ts';
import { createHooks } from './hooks.ts';
import type { EventJournal, JournaledEvent } from './journal.ts';
import { createLossLedger } from './loss-ledger.ts';
import { type EventFields, makeEvent } from './make-event.ts';
import { createMessageIds } from './message-id.ts';
import { type AnalyticsHooks, type AnalyticsOptions, readOptions } from './options.ts';
import type { Platform } from './platform.ts';
import type { VisitorScope } from './scope.ts';
import { serialize } from './serialize.ts';
import { createDefinitionsSource } from './variants/definitions-source.ts';
import { createVariantsClient } from './variants/variants-client.ts';

const CLOSE_TIMEOUT_MS = 5_000;
const READY_TIMEOUT_MS = 5_000;
const FLUSH_TIMEOUT_MS = 30_000;

/** A client on a platform. Throws an AnalyticsOptionsError for options that cannot be used. */
export function createClient<
  Events extends object = AnyEvents,
  Traits extends object = object,
  Flags extends object = AnyFlags,
>(options: AnalyticsOptions, platform: Platform, journal?: EventJournal): Analytics<Events, Traits, Flags> {
  const settings = readOptions(options);
  const { beforeSend, onDrop, waitUntil } = settings;
  const newId = createMessageIds(platform);
  const hooks = createHooks<AnalyticsHooks>(platform.warn);
  const ledger = createLossLedger(hooks);
  const instanceId = `server:${newId()}`;
  const registered: JsonObject = {};
  let hasRegistered = false;
  let isClosed = false;
  let isAwaited = false;

  const outbox = createOutbox({ maxCount: settings.maxQueueCount, maxBytes: settings.maxQueueBytes });
  const sender = createSender({
    ...settings,
    outbox,
    platform,
    transport: createTransport(settings, platform),
    onSettled(events, loss) {
      const messageIds = events.map((event) => event.messageId);
      journaled(() => journal?.settle(messageIds));
      if (loss) ledger.add(loss, messageIds);
      else {
        hooks.emit('delivered', { messageIds });
        report();
      }
    },
    onStopped: (status) => hooks.emit('stopped', { status }),
  });

  /** Tells the collector of what was lost, now that it can be reached. */
  const report = (): void => {
    const properties = ledger.takeUntold();
    if (properties) {
      record('track', [{ anonymousId: instanceId }], () => ({ event: '$sdk_losses', properties }));
    }
  };

  /** Keeps a serverless host alive until what was recorded in this turn is delivered. */
  const keepAlive = (): void => {
    if (!waitUntil || isAwaited) return;
    isAwaited = true;
    const turn = Promise.resolve().then(() => {
      isAwaited = false;
      return sender.flush(FLUSH_TIMEOUT_MS);
    });
    waitUntil(turn);
  };

  const enqueue = (event: WireEvent): void => {
    const { messageId } = event;
    let json: string;
    try {
      json = serialize(event);
    } catch (error) {
      ledger.add('unserializable', [messageId], String(error));
      return;
    }
    if (add({ messageId, json })) journaled(() => journal?.write({ messageId, json }));
  };

  const add = ({ messageId, json, ageMs = 0 }: JournaledEvent): boolean => {
    const bytes = platform.byteLength(json);
    const taken =
      bytes <= MAX_EVENT_BYTES && outbox.add({ messageId, json, bytes, since: platform.monotonic() - ageMs });
    if (!taken) ledger.add(bytes > MAX_EVENT_BYTES ? 'too_large' : 'queue_full', [messageId]);
    sender.wake();
    keepAlive();
    return taken;
  };

  /** A folder that fails costs its safety, not the events. */
  const journaled = (use: () => void): void => {
    try {
      use();
    } catch (error) {
      hooks.emit('journal', { message: String(error) });
    }
  };

  const record = (type: EventType, scopes: (EventOptions | undefined)[], fields: () => EventFields): void => {
    try {
      if (isClosed) throw new TypeError('the client is closed');
      const event = makeEvent(type, fields(), [platform.scope(), ...scopes], platform, newId);
      const changed = beforeSend ? beforeSend(event) : event;
      if (changed) enqueue(changed);
    } catch (error) {
      ledger.add(isClosed ? 'closed' : 'invalid', [], String(error));
    }
  };

  /** The caller's own object is only read, and within the call; a hook might change it, so that it gets a copy. */
  const withRegistered = (properties: unknown): JsonObject => {
    const given = readObject('properties', properties) ?? {};
    return beforeSend || hasRegistered ? { ...registered, ...given } : given;
  };

  const recorder = (scope?: EventOptions): Recorder<AnyEvents, object> => ({
    track: (event: unknown, properties?: unknown, options?: EventOptions) =>
      record('track', [scope, options], () => ({
        event: readText('event', event),
        properties: withRegistered(properties),
      })),
    identify: (userId: unknown, traits?: unknown, options?: EventOptions) =>
      record('identify', [scope, options], () => ({
        userId: readText('userId', userId),
        traits: readObject('traits', traits),
      })),
    page: (name?: unknown, properties?: unknown, options?: EventOptions) =>
      record('page', [scope, options], () => ({
        name: name === undefined ? undefined : readText('name', name),
        properties: withRegistered(properties),
      })),
    group: (groupId: unknown, traits?: unknown, options?: EventOptions) =>
      record('group', [scope, options], () => ({
        groupId: readText('groupId', groupId),
        traits: readObject('traits', traits),
      })),
    alias: (userId: unknown, previousId: unknown, options?: EventOptions) =>
      record('alias', [scope, options], () => ({
        userId: readText('userId', userId),
        previousId: readText('previousId', previousId),
      })),
  });

  const source = createDefinitionsSource({ settings, platform, hooks });
  const variants = createVariantsClient({
    source,
    settings: settings.variants,
    platform,
    record: (scopes, fields) => record('track', scopes, () => fields),
  });

  if (onDrop) hooks.on('dropped', onDrop);
  if (options.variants) source.touch();
  journaled(() => journal?.takeOver().forEach(add));
  const client: Analytics<AnyEvents, object> = {
    ...recorder(),
    ...variants.of(() => [platform.scope()]),
    for(given) {
      const scope: VisitorScope = { ...given };
      return { ...recorder(scope), ...variants.of(() => [platform.scope(), scope]) };
    },
    variantsReady: ({ timeoutMs = READY_TIMEOUT_MS } = {}) => source.ready(timeoutMs),
    bootstrapFor: (scope, given) => variants.bootstrap([platform.scope(), scope], given),
    register(properties) {
      Object.assign(registered, properties);
      hasRegistered = true;
    },
    unregister: (name) => void delete registered[name],
    flush: ({ timeoutMs = FLUSH_TIMEOUT_MS } = {}) => sender.flush(timeoutMs),
    async close({ timeoutMs = CLOSE_TIMEOUT_MS } = {}) {
      isClosed = true;
      source.close();
      const isEmpty = await sender.flush(timeoutMs);
      sender.stop();
      return isEmpty;
    },
    on: hooks.on,
    losses: ledger.counts,
    get pending() {
      return outbox.size;
    },
  };
  return client as unknown as Analytics<Events, Traits, Flags>;
}
