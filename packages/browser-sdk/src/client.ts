import {
  type AnyEvents,
  createUuidV7,
  type EventType,
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

/** What a client is made of, for what builds on it. */
export type ClientParts = [
  settings: ReadOptions,
  values: KeyValues,
  visitor: VisitorKeeper,
  hooks: HookList,
  mayStore: () => boolean,
];

/** A client, whose parts are given to `take`. */
export function createClient(options: AnalyticsOptions, take?: (...parts: ClientParts) => void): Analytics {
  const settings = readOptions(options);
  const { writeKey, enrich, beforeSend = (event) => event, onDrop } = settings;
  const isPage = typeof document === 'object';
  const name = `millrace_${writeKey}`;
  // A server renders the same for everyone.
  const newId = isPage ? createUuidV7(Date, crypto) : () => '';
  const consent = createConsent(settings, `consent.${name}`, isPage, () => follow());
  const { mayStore, maySend } = consent;
  const values = createKeyValues(`${name}.`, mayStore);
  const cookie = createIdCookie(name, settings.cookieDomain, mayStore);
  const visitor = createVisitor(values, cookie, newId, settings);
  const session = createSession(values, newId);
  const hooks = createHooks();
  const outbox = createOutbox(createEventStore(name), `${name}.spill.`, mayStore);
  const sender = createSender(
    settings,
    outbox,
    createTransport(settings.host),
    createTurns(name, values),
    isPage && document.hidden,
    maySend,
    (messageIds, loss) => {
      if (loss) lose(loss, messageIds);
      else {
        hooks.emit('delivered', { messageIds });
        report();
      }
    },
    (status) => hooks.emit('stopped', { status }),
  );
  const losses: LossCounts = {};
  let hasStored = false;

  /** Counts events that are given up, or one that has no id, and tells; `message` says what was wrong. */
  const lose = (reason: LossReason, messageIds: string[], message?: string): void => {
    const count = messageIds.length || 1;
    // Those that the collector is still to hear of.
    const untold = values.readValue('lost') as LossCounts;
    losses[reason] = (losses[reason] ?? 0) + count;
    values.saveValue('lost', { ...untold, [reason]: (untold[reason] ?? 0) + count });
    hooks.emit('dropped', { reason, count, messageIds, message });
  };

  /** Tells the collector of what was lost, now that it can be reached. */
  const report = (): void => {
    const lost = values.readValue('lost');
    if (Object.keys(lost)[0]) {
      values.saveValue('lost', {});
      client.track('$sdk_losses', lost);
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
      visitor.syncCookie();
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
    if (consent.state() === 'denied') return;
    let loss: LossReason | false = 'invalid';
    let message: string | undefined;
    let messageIds: string[] = [];
    try {
      const own = fields();
      const { anonymousId, userId, properties, ...known } = visitor.current();
      const messageId = newId();
      const event = {
        messageId,
        type,
        timestamp: new Date().toISOString(),
        anonymousId,
        userId,
        sessionId: session.touchSession(),
        context: { ...readContext(), ...known },
        ...own,
      } as AnalyticsEvent;
      if (own.properties) event.properties = { ...properties, ...own.properties };
      enrich?.map((add) => add(event));
      const final = beforeSend(event);
      if (!final) return;
      messageIds = [messageId];
      loss = 'unserializable';
      loss = outbox.addEvent(messageId, stringifyWellFormed({ ...final, messageId }));
    } catch (error) {
      message = `${error}`;
    }
    if (loss) lose(loss, messageIds, message);
    else sender.wake();
  };

  /** The visitor is this user or of this group from now on. */
  const join = (field: 'userId' | 'groupId', id: unknown, given: unknown): Fields => {
    const known = { [field]: readText(field, id) };
    const traits = readObject('traits', given);
    visitor.update(known);
    return { ...known, traits };
  };

  if (onDrop) hooks.on('dropped', onDrop);
  if (consent.isCookieless) forget();
  follow();
  if (isPage) {
    // By then what the page before this one left is nobody's.
    setTimeout(sender.wake, LOOK_AGAIN_MS);
    watchLifecycle(
      (isFirst) => {
        if (isFirst) hooks.emit('hide');
        sender.hide();
      },
      () => {
        visitor.syncCookie();
        sender.show();
      },
    );
    addEventListener('online', () => sender.show(true));
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
        return join('userId', first, second);
      });
    },
    page(...given: unknown[]) {
      record('page', () => {
        const [name, category] = given.filter((value) => typeof value === 'string').reverse();
        const properties = readObject(
          'properties',
          given.find((value) => value && typeof value !== 'string'),
        );
        return { name, category, properties: { ...readPage(), ...properties } };
      });
    },
    group(id: unknown, second?: unknown) {
      record('group', () => join('groupId', id, second));
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
      visitor.startAnew();
      session.endSession();
    },
    register(properties: object) {
      visitor.update({ properties: { ...visitor.current().properties, ...properties } });
    },
    unregister(property: string) {
      client.register({ [property]: undefined });
    },
    setConsent: consent.decide,
    consent: consent.state,
    ids() {
      const { anonymousId, userId, groupId } = visitor.current();
      return { anonymousId, userId, groupId, sessionId: session.touchSession() };
    },
    flush: sender.flush,
    on: hooks.on,
    losses: () => ({ ...losses }),
  };
  take?.(settings, values, visitor, hooks, mayStore);
  return client as Analytics;
}

/**
 * A client for the page. Events wait in memory and in IndexedDB until the collector has confirmed them, on this page
 * or a later one of the origin. Throws an AnalyticsOptionsError for options that cannot be used. Without a DOM, as on
 * a server, the client takes every call and sends nothing.
 */
export const createAnalytics = createClient as <
  Events extends object = AnyEvents,
  Traits extends object = object,
>(
  options: AnalyticsOptions,
) => Analytics<Events, Traits>;
