import {
  type AnyEvents,
  createUuidV7,
  type EventType,
  type JsonObject,
  type LossCounts,
  type LossReason,
  stringifyWellFormed,
  type WireEvent,
} from '@millrace/core';
import type { Analytics } from './analytics.ts';
import { readObject, readText } from './arguments.ts';
import { createConsent } from './consent.ts';
import { readContext, readPage, readTouch } from './context.ts';
import { createIdCookie } from './cookie.ts';
import { createHooks, type HookList } from './hooks.ts';
import { createKeyValues, type KeyValues } from './key-values.ts';
import { watchLifecycle } from './lifecycle.ts';
import { type AnalyticsEvent, type AnalyticsOptions, type ReadOptions, readOptions } from './options.ts';
import { createOutbox } from './outbox.ts';
import { createSender } from './sender.ts';
import { createSession } from './session.ts';
import { createEventStore } from './store.ts';
import { createTransport } from './transport.ts';
import { createTurns } from './turns.ts';
import { createVisitor, type VisitorKeeper } from './visitor.ts';

const LOOK_AGAIN_MS = 3500;

/** Fields of an event; JSON leaves out what is undefined. */
type Fields = { [Field in Exclude<keyof WireEvent, 'messageId'>]?: WireEvent[Field] | undefined };

/**
 * A client for the page. Events wait in memory and in IndexedDB until the collector has confirmed them, on this page
 * or a later one of the origin. Throws an AnalyticsOptionsError for options that cannot be used. Without a DOM, as on
 * a server, the client takes every call and sends nothing.
 */
export function createAnalytics<Events extends object = AnyEvents, Traits extends object = object>(
  options: AnalyticsOptions,
): Analytics<Events, Traits> {
  return createParts(options).client as Analytics<Events, Traits>;
}

/** What a client is made of, for what builds on it. */
export interface ClientParts {
  client: Analytics;
  settings: ReadOptions;
  values: KeyValues;
  visitor: VisitorKeeper;
  hooks: HookList;
  mayStore(): boolean;
}

/** A client and its parts. */
export function createParts(options: AnalyticsOptions): ClientParts {
  const settings = readOptions(options);
  const { writeKey, enrich = [], beforeSend, onDrop } = settings;
  const isPage = typeof document === 'object';
  const name = `millrace_${writeKey}`;
  // A server renders the same for everyone.
  const newId = isPage ? createUuidV7(Date, (bytes) => crypto.getRandomValues(bytes)) : () => '';
  const consent = createConsent(settings, `millrace-consent.${writeKey}`, isPage, () => follow());
  const { mayStore, maySend } = consent;
  const values = createKeyValues(`${name}.`, mayStore);
  const cookie = createIdCookie(name, settings.cookieDomain, mayStore);
  const visitor = createVisitor(values, cookie, newId, settings);
  const session = createSession(values, newId);
  const hooks = createHooks();
  const outbox = createOutbox(createEventStore(name), `${name}.spill.`, mayStore);
  const sender = createSender(
    {
      ...settings,
      outbox,
      transport: createTransport(settings.host),
      turns: createTurns(name, values),
      maySend,
      onSettled(messageIds, loss) {
        if (loss) lose(loss, messageIds);
        else {
          hooks.emit('delivered', { messageIds });
          report();
        }
      },
      onStopped: (status) => hooks.emit('stopped', { status }),
    },
    !isPage || document.hidden,
  );
  const losses: LossCounts = {};
  let hasStored = false;

  /** Counts events that are given up, or one that has no id, and tells; `message` says what was wrong. */
  const lose = (reason: LossReason, messageIds: string[], message?: string): void => {
    const count = messageIds.length || 1;
    // Those that the collector is still to hear of.
    const untold = values.get('lost') as LossCounts;
    losses[reason] = (losses[reason] ?? 0) + count;
    values.set('lost', { ...untold, [reason]: (untold[reason] ?? 0) + count });
    hooks.emit('dropped', { reason, count, messageIds, message });
  };

  /** Tells the collector of what was lost, now that it can be reached. */
  const report = (): void => {
    const lost = values.get('lost') as JsonObject;
    if (Object.keys(lost)[0]) {
      values.set('lost', {});
      record('track', () => ({ event: '$sdk_losses', properties: lost }));
    }
  };

  const forget = (): void => {
    cookie.writeId('');
    if (values.purge() || hasStored) outbox.purgeStored();
  };

  /** Does what the state of the consent asks for. */
  const follow = (): void => {
    if (consent.state() === 'denied') {
      outbox.forgetPending();
      forget();
      return;
    }
    if (mayStore()) {
      hasStored = true;
      values.storeAll();
      cookie.writeId(visitor.current().anonymousId);
      outbox.storeUnsaved();
    }
    const { firstTouch } = visitor.current();
    const touch = readTouch();
    if (!firstTouch || touch.campaign || touch.referrer) {
      visitor.update({ firstTouch: firstTouch ?? touch, lastTouch: touch });
    }
    sender.wake();
  };

  const record = (type: EventType, fields: () => Fields): void => {
    try {
      if (consent.state() === 'denied') return;
      const own = fields();
      const { anonymousId, userId, groupId, properties, firstTouch, lastTouch } = visitor.current();
      const messageId = newId();
      const now = Date.now();
      const event = {
        messageId,
        type,
        timestamp: new Date(now).toISOString(),
        anonymousId,
        userId,
        sessionId: session.at(now),
        context: { ...readContext(), groupId, firstTouch, lastTouch },
        ...own,
      } as AnalyticsEvent;
      if (own.properties) event.properties = { ...properties, ...own.properties };
      for (const add of enrich) add(event);
      const final = beforeSend ? beforeSend(event) : event;
      if (final) put({ ...final, messageId });
    } catch (error) {
      lose('invalid', [], String(error));
    }
  };

  const put = (event: WireEvent): void => {
    const { messageId } = event;
    let loss: LossReason | undefined = 'unserializable';
    try {
      loss = outbox.addEvent(messageId, stringifyWellFormed(event));
    } catch {}
    if (loss) lose(loss, [messageId]);
    else sender.wake();
  };

  if (onDrop) hooks.on('dropped', onDrop);
  if (consent.isCookieless) forget();
  follow();
  if (isPage) {
    // By then what the page before this one left is nobody's.
    setTimeout(sender.wake, LOOK_AGAIN_MS);
    watchLifecycle({
      onHide(isFirst) {
        if (isFirst) hooks.emit('hide', undefined);
        sender.hide();
      },
      onShow: sender.show,
      onOnline: () => sender.show(true),
    });
  }

  const client = {
    track(event: unknown, properties?: unknown) {
      record('track', () => ({
        event: readText('event', event),
        properties: readObject('properties', properties) ?? {},
      }));
    },
    identify(first: unknown, second?: unknown) {
      record('identify', () => {
        if (typeof first === 'object' && first) return { traits: readObject('traits', first) };
        const userId = readText('userId', first);
        const traits = readObject('traits', second);
        visitor.update({ userId });
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
        visitor.update({ groupId });
        return { groupId, traits };
      });
    },
    alias(userId: unknown, previousId?: unknown) {
      record('alias', () => {
        const { anonymousId, userId: current = anonymousId } = visitor.current();
        return {
          userId: readText('userId', userId),
          previousId: readText('previousId', previousId ?? current),
        };
      });
    },
    reset() {
      visitor.reset();
      session.reset();
    },
    register(properties: object) {
      visitor.update({ properties: { ...visitor.current().properties, ...properties } });
    },
    unregister(property: string) {
      const { [property]: _, ...properties } = visitor.current().properties ?? {};
      visitor.update({ properties });
    },
    setConsent: consent.decide,
    consent: consent.state,
    ids() {
      const { anonymousId, userId, groupId } = visitor.current();
      return { anonymousId, userId, groupId, sessionId: session.at(Date.now()) };
    },
    flush: sender.flush,
    on: hooks.on,
    losses: () => ({ ...losses }),
  };
  return { client: client as Analytics, settings, values, visitor, hooks, mayStore };
}
