import type { AnyEvents } from '@millrace/core';
import { COMPILED_FORM, createCompiledEvaluator } from '@millrace/core/evaluation';
import { type AnyFlags, createVariants, readSticky, unitsOf, writeSticky } from '@millrace/core/variants';
import { type ClientParts, createClient } from '../client.ts';
import { createIdCookie } from '../cookie.ts';
import type { VariantAnalytics } from './analytics.ts';
import { createExposures } from './exposures.ts';
import { createFeed } from './feed.ts';
import type { VariantOptions } from './options.ts';
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
  const { bootstrap = {}, environment = 'production', rules, push } = options ?? {};
  let { attributes, overrides = {} } = options ?? {};
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
  // Where cookies are blocked, memory knows what units were given.
  let kept = '';

  // Who is logged in may not have been identified in this browser yet.
  const isOwn = !bootstrap.anonymousId || bootstrap.anonymousId === visitor.current().anonymousId;
  let userOfPage = isOwn ? bootstrap.userId : undefined;
  let isSame = !Object.keys(overrides)[0];

  const subject = () => {
    const { anonymousId, userId = userOfPage, groupId } = visitor.current();
    return { units: unitsOf({ anonymousId, userId, groupId }, attributes), attributes };
  };
  const readKept = (): string => cookie.readId() || kept;
  const stickyOf = (experiment: string, unit: string) => readSticky(readKept(), experiment, unit);
  const keep = (text: string): void => {
    kept = text;
    cookie.writeId(text);
  };
  const tell = (): void => {
    hooks.emit('definitions' as never, { version: feed.evaluator().version } as never);
  };
  /** Other definitions count, or somebody else, or more is known of the visitor. */
  const change = (): void => {
    void remote.ask();
    tell();
  };
  const changeVisitor = (): void => {
    isSame = false;
    keep(client.consent() === 'denied' ? '' : readKept());
    change();
  };

  const feed = createFeed(
    `${host}/v1/definitions${query}&compiled=${COMPILED_FORM}${rules ? '&rules=all' : ''}`,
    values,
    bootstrap.definitions,
    rules,
    change,
  );
  const remote = createRemote(
    `${host}/v1/evaluate${query}`,
    writeKey,
    feed,
    () => client.consent() === 'granted',
    subject,
    stickyOf,
    tell,
  );

  const variants = createVariants<Flags>({
    evaluator: feed.evaluator,
    evaluations: () => [remote.answers(), isOwn ? bootstrap.evaluations : undefined],
    isSame: () => isSame,
    context: () => ({ ...subject(), now: Date.now(), overrides, sticky: stickyOf }),
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
      changeVisitor();
    };
  }
  let ready: Promise<void> | undefined;
  if (isPage) {
    const fetched = feed.refresh();
    ready = (feed.evaluator().version || bootstrap.evaluations ? remote.ask() : fetched).then(remote.ask);
    push?.(`${host}/v1/definitions/stream${query}`, (version) => {
      if (version !== feed.evaluator().version) void feed.refresh();
    });
  }
  return {
    ...client,
    ...variants,
    variantsReady: async () => ready,
    setAttributes(more) {
      attributes = { ...attributes, ...more };
      changeVisitor();
    },
    setOverrides(others) {
      overrides = others;
      isSame = false;
      tell();
    },
    variantsOf: ({ definitions, evaluations, anonymousId, userId } = bootstrap) =>
      createVariants<Flags>({
        evaluator: () => createCompiledEvaluator(definitions, rules),
        evaluations: () => [evaluations],
        isSame: () => true,
        context: () => ({
          units: unitsOf({ anonymousId, userId }, options.attributes),
          attributes: options.attributes,
          now: Date.now(),
        }),
        onUse() {},
      }),
  } as VariantAnalytics<Events, Traits, Flags>;
}
