import {
  type Assignment,
  clientPart,
  compileDefinitions,
  createEvaluator,
  type EvaluationContext,
  needsRule,
} from '@millrace/core/evaluation';
import type { AnyFlags, Evaluations, Variants } from '@millrace/core/variants';
import {
  createExposureFilter,
  createVariants,
  EXPOSURE_EVENT,
  exposureKey,
  exposureProperties,
  readSticky,
  scriptJson,
  unitsOf,
  writeSticky,
} from '@millrace/core/variants';
import type { EventFields } from '../make-event.ts';
import type { Platform } from '../platform.ts';
import type { StickyStore, VisitorScope } from '../scope.ts';
import type { DefinitionsSource } from './definitions-source.ts';
import { isBot } from './is-bot.ts';
import { mergeScopes } from './merge-scopes.ts';
import type { ReadVariantsOptions } from './options.ts';
import { createStickyMemory } from './sticky-memory.ts';

/** Answers before there are definitions. */
const NOT_READY = createEvaluator(undefined);
const MAX_EXPOSURES = 50_000;
const MAX_STICKY_UNITS = 100_000;
const DAY_MS = 24 * 60 * 60 * 1000;

/** What `bootstrapFor` puts into a page. */
export interface BootstrapOptions {
  /** The flags and experiments that the page uses. @default all */
  keys?: readonly string[] | undefined;
  /** Whether the page gets the rules as well, those that clients may see, and asks for nothing before it needs to. @default false */
  definitions?: boolean | undefined;
}

/** Variants and flags of a client, for any visitor. */
export interface VariantsClient {
  /** For whom the scopes name at the time of the call, the later ones above the earlier ones. */
  of(scopes: () => (VisitorScope | undefined)[]): Variants<AnyFlags>;
  bootstrap(scopes: (VisitorScope | undefined)[], options?: BootstrapOptions): string;
}

/** What it works with. */
export interface VariantsClientOptions {
  source: DefinitionsSource;
  settings: ReadVariantsOptions;
  platform: Platform;
  /** Records an event of whom the scopes name. */
  record(scopes: (VisitorScope | undefined)[], fields: EventFields): void;
}

/** Variants and flags by the definitions of `source`. Nothing here throws. */
export function createVariantsClient(options: VariantsClientOptions): VariantsClient {
  const { source, settings, platform, record } = options;
  const memory: StickyStore = settings.sticky ?? createStickyMemory(MAX_STICKY_UNITS);
  const isNew = createExposureFilter(MAX_EXPOSURES);

  /** A store that fails is a store that knows nothing. */
  const kept = <Value>(use: () => Value): Value | undefined => {
    try {
      return use();
    } catch (error) {
      platform.warn(error);
      return undefined;
    }
  };

  const contextOf = (scope: VisitorScope): EvaluationContext => {
    const { anonymousId, userId, groupId, attributes, sticky = memory } = scope;
    return {
      units: unitsOf(
        { anonymousId: idOf(anonymousId), userId: idOf(userId), groupId: idOf(groupId) },
        attributes,
      ),
      attributes,
      overrides:
        scope.overrides && settings.overrides
          ? { ...settings.overrides, ...scope.overrides }
          : (scope.overrides ?? settings.overrides),
      now: platform.now(),
      sticky: (experiment, unit) => kept(() => readSticky(sticky.get(unit) ?? '', experiment, unit)),
    };
  };

  const keep = (assignment: Assignment, { sticky = memory }: VisitorScope): void => {
    const { unit } = assignment;
    if (!assignment.sticky || assignment.reason !== 'split' || unit === undefined) return;
    kept(() => sticky.set(unit, writeSticky(sticky.get(unit) ?? '', assignment)));
  };

  const expose = (assignment: Assignment, version: number, scopes: (VisitorScope | undefined)[]): void => {
    const scope = mergeScopes(scopes);
    if (scope.exposures === false || isBot(scope.context?.userAgent)) return;
    keep(assignment, scope);
    // Most servers know no sessions: there, once a day.
    const session = scope.sessionId ?? String(Math.floor(platform.now() / DAY_MS));
    if (!isNew(exposureKey(assignment, session))) return;
    record(scopes, {
      event: EXPOSURE_EVENT,
      properties: exposureProperties(assignment, version, settings.environment),
    });
  };

  return {
    of: (scopes) =>
      createVariants({
        evaluator() {
          source.touch();
          return source.evaluator ?? NOT_READY;
        },
        evaluations: () => [],
        isSame: () => true,
        context: () => contextOf(mergeScopes(scopes())),
        onUse: (assignment, version) => expose(assignment, version, scopes()),
      }),
    bootstrap(scopes, options) {
      source.touch();
      const keys = Array.isArray(options?.keys) ? options.keys : undefined;
      const { definitions, evaluator } = source;
      const scope = mergeScopes(scopes);
      const visitor = { anonymousId: idOf(scope.anonymousId), userId: idOf(scope.userId) };
      if (!definitions || !evaluator) return scriptJson(visitor);
      const context = contextOf(scope);
      const evaluate = <Value>(table: object, of: (key: string) => Value): { [key: string]: Value } =>
        Object.fromEntries(
          (keys ?? Object.keys(table))
            .filter((key) => Object.hasOwn(table, key))
            .map((key) => [key, of(key)]),
        );
      const evaluations: Evaluations = {
        version: evaluator.version,
        experiments: evaluate(definitions.experiments, (key) => evaluator.assign(key, context)),
        flags: evaluate(definitions.flags, (key) => evaluator.resolve(key, context)),
      };
      return scriptJson({
        ...visitor,
        evaluations,
        ...(options?.definitions && { definitions: compileDefinitions(clientPart(definitions, needsRule)) }),
      });
    },
  };
}

/** An id as text; what is no id is none. */
function idOf(id: unknown): string | undefined {
  return typeof id === 'number' ? String(id) : typeof id === 'string' && id !== '' ? id : undefined;
}
