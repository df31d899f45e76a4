import { type OpenFeatureResolution, resolveForOpenFeature, type Variants } from '@millrace/core/variants';
import {
  type EvaluationContext,
  type JsonValue,
  OpenFeatureEventEmitter,
  type Provider,
  ProviderEvents,
  type ResolutionDetails,
  type TrackingEventDetails,
} from '@openfeature/server-sdk';
import type { Analytics } from '../analytics.ts';
import { scopeOfContext } from './scope-of-context.ts';

/** What the provider uses of a client. */
export type ProviderClient = Pick<Analytics, 'for' | 'on' | 'variantsReady'>;

/** How the provider is made. */
export interface ProviderOptions {
  /** How long `setProviderAndWait` may wait for the definitions. @default 5000 */
  timeoutMs?: number;
}

/**
 * A provider of OpenFeature for servers, over a client of this SDK: flags by local evaluation, exposures at use, and
 * `track`. `targetingKey` is the visitor's anonymous id, and the user id too where the context names no `userId`. The
 * client stays the caller's: closing the provider does not close it.
 */
export function createProvider(
  client: ProviderClient,
  { timeoutMs = 5_000 }: ProviderOptions = {},
): Provider {
  const events = new OpenFeatureEventEmitter();
  let isReady = false;
  const stops = [
    client.on('definitions', () => {
      // After an error or while they were stale: the provider is ready again, whatever has changed.
      events.emit(isReady ? ProviderEvents.ConfigurationChanged : ProviderEvents.Ready);
      isReady = true;
    }),
    client.on('stale', ({ message }) => {
      events.emit(isReady ? ProviderEvents.Stale : ProviderEvents.Error, { message });
      isReady = false;
    }),
  ];

  const resolve = async <Value>(
    key: string,
    fallback: Value,
    context: EvaluationContext,
  ): Promise<ResolutionDetails<Value>> => {
    const visitor = client.for(scopeOfContext(context)) as unknown as Variants;
    const resolution: OpenFeatureResolution<Value> = resolveForOpenFeature(visitor, key, fallback);
    return resolution as ResolutionDetails<Value>;
  };

  return {
    metadata: { name: 'millrace' },
    runsOn: 'server',
    events,
    async initialize() {
      isReady = await client.variantsReady({ timeoutMs });
      if (!isReady) throw new Error(`there are no definitions after ${timeoutMs} ms`);
    },
    async onClose() {
      for (const stop of stops) stop();
    },
    resolveBooleanEvaluation: resolve,
    resolveStringEvaluation: resolve,
    resolveNumberEvaluation: resolve,
    resolveObjectEvaluation: <Value extends JsonValue>(
      key: string,
      fallback: Value,
      context: EvaluationContext,
    ) => resolve(key, fallback, context),
    track(name: string, context: EvaluationContext, details: TrackingEventDetails) {
      client.for(scopeOfContext(context)).track(name, details);
    },
  };
}
