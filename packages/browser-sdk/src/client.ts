import { createUuidV7, type EventType, type JsonObject, type WireEvent } from '@millrace/core';
import type { Analytics, AnyEvents } from './analytics.ts';
import { readObject, readText } from './arguments.ts';
import { readContext, readPage } from './context.ts';
import { createHooks } from './hooks.ts';
import { createIdentity } from './identity.ts';
import { createIdleAnalytics } from './idle-analytics.ts';
import { createKeyValues } from './key-values.ts';
import { watchLifecycle } from './lifecycle.ts';
import {
  type AnalyticsEvent,
  type AnalyticsOptions,
  type ConsentState,
  type ReadOptions,
  readOptions,
} from './options.ts';
import { createOutbox } from './outbox.ts';
import { clock, random } from './platform.ts';
import { createSession } from './session.ts';
import { createEventStore } from './store.ts';
import { createTransport } from './transport.ts';

/** Fields of an event; JSON leaves out what is undefined. */
type Fields = { [Field in Exclude<keyof WireEvent, 'messageId'>]?: WireEvent[Field] | undefined };

/**
 * A client for the page. Events wait in memory and in IndexedDB until the collector has confirmed them, on this page
 * or a later one of the origin. Throws an AnalyticsOptionsError for options that cannot be used. Without a DOM, as on
 * a server, the client does nothing.
 */
export function createAnalytics<Events extends object = AnyEvents, Traits extends object = object>(
  options: AnalyticsOptions,
): Analytics<Events, Traits> {
  const settings = readOptions(options);
  if (typeof document === 'undefined') return createIdleAnalytics() as Analytics<Events, Traits>;
  return createClient(settings) as Analytics<Events, Traits>;
}

function createClient(settings: ReadOptions): Analytics {
  const { writeKey, host, flushIntervalMs, enrich = [], beforeSend, onDrop } = settings;
  let consent: ConsentState = settings.consent ?? 'granted';

  const newId = createUuidV7(clock, random);
  const name = `millrace:${writeKey}`;
  const values = createKeyValues(`${name}:`);
  const identity = createIdentity(values, newId);
  const session = createSession(values, newId);
  const hooks = createHooks();
  const outbox = createOutbox({
    clock,
    random,
    hooks,
    writeKey,
    flushIntervalMs,
    store: createEventStore(name),
    transport: createTransport(host),
  });

  if (onDrop) hooks.on('dropped', onDrop);

  watchLifecycle({
    onHide() {
      hooks.emit('hide', undefined);
      outbox.sender.unload();
    },
    onShow: outbox.sender.hurry,
    onOnline: outbox.sender.hurry,
  });

  const record = (type: EventType, fields: () => Fields): void => {
    try {
      const own = fields();
      const now = clock.now();
      const { anonymousId, userId, groupId } = identity.current();
      const event = {
        messageId: newId(),
        type,
        timestamp: new Date(now).toISOString(),
        anonymousId,
        userId,
        sessionId: session.at(now),
        context: { ...readContext(), groupId },
        ...own,
      } as AnalyticsEvent;
      if (type === 'track' || type === 'page')
        event.properties = { ...(values.get('super') as JsonObject), ...event.properties };
      for (const add of enrich) add(event);
      const final = beforeSend ? beforeSend(event) : event;
      if (final) outbox.put(final);
    } catch (error) {
      outbox.lose('invalid', [], String(error));
    }
  };

  return {
    track(event: unknown, properties?: unknown) {
      record('track', () => ({
        event: readText('event', event),
        properties: readObject('properties', properties),
      }));
    },
    identify(first: unknown, second?: unknown) {
      record('identify', () => {
        if (typeof first === 'object' && first) return { traits: readObject('traits', first) };
        const userId = readText('userId', first);
        const traits = readObject('traits', second);
        identity.update({ userId });
        return { traits };
      });
    },
    page(...given: unknown[]) {
      record('page', () => {
        const [name, category] = given.filter((value) => typeof value === 'string').reverse();
        const properties = readObject(
          'properties',
          given.find((value) => typeof value !== 'string'),
        );
        return { name, category, properties: { ...readPage(), ...properties } };
      });
    },
    group(id: unknown, second?: unknown) {
      record('group', () => {
        const groupId = readText('groupId', id);
        const traits = readObject('traits', second);
        identity.update({ groupId });
        return { groupId, traits };
      });
    },
    alias(userId: unknown, previousId?: unknown) {
      record('alias', () => {
        const { anonymousId, userId: current = anonymousId } = identity.current();
        return {
          userId: readText('userId', userId),
          previousId: readText('previousId', previousId ?? current),
        };
      });
    },
    reset() {
      identity.reset();
      session.reset();
      values.set('super', {});
    },
    register(properties: unknown) {
      values.set('super', { ...values.get('super'), ...readObject('properties', properties) });
    },
    unregister(name: string) {
      const { [name]: _, ...rest } = values.get('super');
      values.set('super', rest);
    },
    setConsent(state) {
      consent = state;
    },
    consent: () => consent,
    ids() {
      const { anonymousId, userId, groupId } = identity.current();
      return { anonymousId, userId, groupId, sessionId: session.at(clock.now()) };
    },
    flush: outbox.sender.flush,
    on: hooks.on,
    losses: outbox.losses.counts,
  };
}
