import { readArguments } from './arguments.ts';
import { runCall } from './call.ts';
import { createEmitter, later } from './emitter.ts';
import type { Callback, SegmentClient, SegmentContext, SegmentOptions } from './types.ts';

type Answer = Promise<SegmentContext>;
type Id = string | number | null | undefined;
type Fields = object | null | undefined;
type Last = [options?: SegmentOptions | null, callback?: Callback] | [callback?: Callback];

/** Segment's `analytics`, as far as pages call it. Every call resolves once the event is in the client's queue. */
export interface SegmentAnalytics {
  track(event: string, properties?: Fields | Callback, ...last: Last): Answer;
  identify(userId?: Id | object, traits?: Fields | Callback, ...last: Last): Answer;
  page(...given: (string | object | Callback | null | undefined)[]): Answer;
  screen(...given: (string | object | Callback | null | undefined)[]): Answer;
  /** Without an argument: the group that the visitor belongs to. */
  group(): { id(): string | undefined; traits(): object };
  group(groupId: string | number, traits?: Fields | Callback, ...last: Last): Answer;
  alias(to: string | number, from?: Id | Callback, ...last: Last): Answer;
  reset(): void;
  /** Calls back, and resolves, at once: there is nothing to load. */
  ready(callback?: () => void): Promise<void>;
  /** The visitor; traits are those that this page has learned. */
  user(): { id(): string | undefined; anonymousId(): string | undefined; traits(): object };
  /** `track`, `identify`, `page`, `screen`, `group`, `alias`, `reset`, with the arguments that Segment gives. */
  on(event: string, listener: (...news: never[]) => void): SegmentAnalytics;
  once(event: string, listener: (...news: never[]) => void): SegmentAnalytics;
  off(event: string, listener: (...news: never[]) => void): SegmentAnalytics;
  readonly initialized: true;
}

/** `client` with Segment's names, orders of arguments, callbacks and events, for code that was written for theirs. */
export function segmentFacade(client: SegmentClient): SegmentAnalytics {
  const emitter = createEmitter();
  let userTraits: object = {};
  let groupTraits: object = {};

  const done = (context: SegmentContext, callback: Callback | undefined): Answer => {
    if (callback) later(() => callback(context));
    return Promise.resolve(context);
  };
  const seen = (type: 'page' | 'screen', args: unknown[]): Answer => {
    const { texts, fields, options, callback } = readArguments(args, 2);
    const page = client.page as (...given: unknown[]) => void;
    const context = runCall(options, type === 'screen', () => page(...texts, fields ?? {}));
    const [name, category] = [...texts].reverse();
    emitter.emit(type, category, name, fields, options);
    return done(context, callback);
  };

  const facade: SegmentAnalytics = {
    initialized: true,
    track(...args) {
      const { texts, fields, options, callback } = readArguments(args, 1);
      const [event] = texts as string[];
      const context = runCall(options, false, () => client.track(event as string, fields));
      emitter.emit('track', event, fields, options);
      return done(context, callback);
    },
    identify(...args) {
      const { texts, fields = {}, options, callback } = readArguments(args, 1);
      const [userId] = texts;
      const { userId: before } = client.ids();
      if (userId !== undefined && before !== undefined && String(userId) !== before) userTraits = {};
      userTraits = { ...userTraits, ...fields };
      const context = runCall(options, false, () =>
        userId === undefined ? client.identify(fields) : client.identify(userId, fields),
      );
      emitter.emit('identify', userId, fields, options);
      return done(context, callback);
    },
    page: (...args) => seen('page', args),
    screen: (...args) => seen('screen', args),
    group: ((...args: unknown[]) => {
      if (args.length === 0) return { id: () => client.ids().groupId, traits: () => groupTraits };
      const { texts, fields = {}, options, callback } = readArguments(args, 1);
      const [groupId] = texts;
      groupTraits = String(groupId) === client.ids().groupId ? { ...groupTraits, ...fields } : fields;
      const context = runCall(options, false, () => client.group(groupId as string, fields));
      emitter.emit('group', groupId, fields, options);
      return done(context, callback);
    }) as SegmentAnalytics['group'],
    alias(...args) {
      const { texts, fields, callback } = readArguments(args, 2);
      const [to, from] = texts;
      const options = (fields ?? {}) as SegmentOptions;
      const context = runCall(options, false, () => client.alias(to as string, from));
      emitter.emit('alias', to, from, options);
      return done(context, callback);
    },
    reset() {
      client.reset();
      userTraits = {};
      groupTraits = {};
      emitter.emit('reset');
    },
    async ready(callback) {
      if (callback) later(callback);
    },
    user: () => ({
      id: () => client.ids().userId,
      anonymousId: () => client.ids().anonymousId,
      traits: () => userTraits,
    }),
    on(event, listener) {
      emitter.add(event, listener, false);
      return facade;
    },
    once(event, listener) {
      emitter.add(event, listener, true);
      return facade;
    },
    off(event, listener) {
      emitter.remove(event, listener);
      return facade;
    },
  };
  return facade;
}
