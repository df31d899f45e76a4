import type { AnyEvents } from '@millrace/core';
import {
  createEvaluator,
  type Definitions,
  type Evaluator,
  type StickyAssignment,
} from '@millrace/core/evaluation';
import { type AnyFlags, createVariants, readSticky, unitsOf, writeSticky } from '@millrace/core/variants';
import { type ClientParts, createClient } from '../client.ts';
import { createIdCookie } from '../cookie.ts';
import type { VariantAnalytics } from './analytics.ts';
import { createExposures } from './exposures.ts';
import { createFeed } from './feed.ts';
import type { VariantOptions } from './options.ts';
import { readOverrides } from './overrides.ts';
import { followPush } from './push.ts';
import { createRemote } from './remote.ts';

/**
 * A client for the page that also says which variants and flags its visitor gets: by the definitions that the collector
 * serves, evaluated here, so that no answer waits. Throws an AnalyticsOptionsError for options that cannot be used.
 */
export function createAnalytics<
  Events extends object = AnyEvents,
  Traits extends object = object,
  Flags extends object = AnyFlags,
>(options: VariantOptions): VariantAnalytics<Events, Traits, Flags> {
  const { bootstrap = {}, environment = 'production', overrides: given, push } = options ?? {};
  let parts!: ClientParts;
  const client = createClient(
    {
      ...options,
      anonymousId: bootstrap.anonymousId ?? options?.anonymousId,
      userId: bootstrap.userId ?? options?.userId,
    },
    (...given) => {
      parts = given;
    },
  );
  const [{ writeKey, host, cookieDomain }, values, visitor, hooks, mayStore] = parts;
  const isPage = typeof document === 'object';
  const query = `?${new URLSearchParams({ writeKey, environment })}`;
  const cookie = createIdCookie(`millrace_${writeKey}.sticky`, cookieDomain, mayStore);
  const expose = createExposures(client, values, environment);
  let attributes = options?.attributes ?? {};
  let overrides = { ...given, ...readOverrides() };
  // Where cookies are blocked, memory knows what units were given.
  let kept = '';
  let evaluator: Evaluator | undefined;
  let evaluated: Definitions | undefined;

  // Who is logged in may not have been identified in this browser yet.
  const isOwn = !bootstrap.anonymousId || bootstrap.anonymousId === visitor.current().anonymousId;
  let userOfPage = isOwn ? bootstrap.userId : undefined;

  const subject = () => {
    const { anonymousId, userId = userOfPage, groupId } = visitor.current();
    return { units: unitsOf({ anonymousId, userId, groupId }, attributes), attributes };
  };
  const readKept = (): string => cookie.readId() || kept;
  const keep = (text: string): void => {
    kept = text;
    cookie.writeId(text);
  };
  const tell = (): void =>
    hooks.emit('definitions' as never, { version: feed.known()?.version ?? 0 } as never);
  const ask = async (isOther: boolean): Promise<void> => {
    if (client.consent() !== 'granted') return;
    const { units, attributes } = subject();
    const sticky: { [experiment: string]: StickyAssignment } = {};
    for (const key of feed.known()?.remote ?? []) {
      for (const unit of Object.values(units)) {
        const given = unit && readSticky(readKept(), key, `${unit}`);
        if (given) sticky[key] = given;
      }
    }
    await remote.ask(feed.known(), { units, attributes, sticky }, isOther);
  };
  /** The visitor is another, or is known better. */
  const change = (): void => {
    keep(client.consent() === 'denied' ? '' : readKept());
    void ask(true);
    tell();
  };

  const remote = createRemote(
    `${host}/v1/evaluate${query}`,
    writeKey,
    isOwn ? bootstrap.evaluations : undefined,
    tell,
  );
  const feed = createFeed(`${host}/v1/definitions${query}`, values, bootstrap.definitions, () => {
    void ask(false);
    tell();
  });

  const variants = createVariants<Flags>({
    evaluator() {
      const known = feed.known();
      if (known !== evaluated) {
        evaluated = known;
        evaluator = known && createEvaluator(known);
      }
      return evaluator;
    },
    evaluations: remote.evaluations,
    context: () => ({
      ...subject(),
      now: Date.now(),
      overrides,
      sticky: (experiment, unit) => readSticky(readKept(), experiment, unit),
    }),
    onUse(assignment, version) {
      if (assignment.sticky && assignment.reason === 'split') keep(writeSticky(readKept(), assignment));
      if (isPage) expose(assignment, version);
    },
  });

  for (const name of ['identify', 'group', 'reset', 'setConsent'] as const) {
    const call = client[name] as (...given: unknown[]) => void;
    client[name] = (...given: unknown[]) => {
      call(...given);
      if (name === 'reset') userOfPage = undefined;
      change();
    };
  }
  let ready: Promise<void> = Promise.resolve();
  if (isPage) {
    const fetched = feed.refresh();
    const hasAnswers = feed.known() || bootstrap.evaluations;
    ready = (hasAnswers ? ask(false) : fetched).then(() => ask(false));
    if (push) followPush(`${host}/v1/definitions/stream${query}`, feed);
  }
  return {
    ...client,
    ...variants,
    variantsReady: () => ready,
    setAttributes(more) {
      attributes = { ...attributes, ...more };
      change();
    },
    setOverrides(others) {
      overrides = others;
      tell();
    },
    variantsOf: ({ definitions, evaluations, anonymousId, userId } = bootstrap) =>
      createVariants<Flags>({
        evaluator: () => definitions && createEvaluator(definitions),
        evaluations: () => evaluations,
        context: () => ({
          units: unitsOf({ anonymousId, userId }, options.attributes),
          attributes: options.attributes,
          now: Date.now(),
        }),
        onUse() {},
      }),
  } as VariantAnalytics<Events, Traits, Flags>;
}
