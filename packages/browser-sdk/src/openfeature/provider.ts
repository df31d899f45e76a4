import { type OpenFeatureResolution, resolveForOpenFeature, type Variants } from '@millrace/core/variants';
import {
  type EvaluationContext,
  type JsonValue,
  OpenFeatureEventEmitter,
  type Provider,
  ProviderEvents,
  type ResolutionDetails,
  type TrackingEventDetails,
} from '@openfeature/web-sdk';
import type { VariantAnalytics } from '../variants/analytics.ts';

/** What the provider uses of a client with variants, whatever it was typed with. */
export interface ProviderClient {
  getVariant: unknown;
  getFlag: unknown;
  getDetails: unknown;
  track: unknown;
  on: VariantAnalytics['on'];
  variantsReady: VariantAnalytics['variantsReady'];
  setAttributes: VariantAnalytics['setAttributes'];
}

/**
 * A provider of OpenFeature for pages, over a client of `@millrace/browser-sdk/variants`: flags without waiting, exposures
 * at use, and `track`. Who the visitor is, the client knows, by its anonymous id and `identify`; the context of OpenFeature
 * adds attributes, which rules may ask about and which may be units of the site's own. While the page is offline the
 * provider is stale.
 */
export function createProvider(client: ProviderClient): Provider {
  const variants = client as unknown as Variants;
  const recorder = client as unknown as VariantAnalytics;
  const events = new OpenFeatureEventEmitter();
  const page: EventTarget | undefined = typeof window === 'object' ? window : undefined;
  const stops: (() => void)[] = [];
  let isReady = false;
  let isOffline = false;

  const listen = (name: string, listener: () => void): void => {
    page?.addEventListener(name, listener);
    stops.push(() => page?.removeEventListener(name, listener));
  };
  const hasAnswers = (): boolean => variants.getDetails('').reason !== 'not_ready';

  const resolve = <Value>(key: string, fallback: Value): ResolutionDetails<Value> => {
    const resolution: OpenFeatureResolution<Value> = resolveForOpenFeature(variants, key, fallback);
    return resolution as ResolutionDetails<Value>;
  };
  /** What the old context had and the new one has not is unknown from now on. */
  const adopt = (old: EvaluationContext, context: EvaluationContext): void => {
    const gone = Object.keys(old).map((name) => [name, undefined]);
    client.setAttributes({ ...Object.fromEntries(gone), ...context });
  };

  return {
    metadata: { name: 'millrace' },
    runsOn: 'client',
    events,
    async initialize(context) {
      if (context) adopt({}, context);
      await client.variantsReady();
      isReady = hasAnswers();
      stops.push(
        client.on('definitions', () => {
          if (!hasAnswers()) return;
          events.emit(isReady ? ProviderEvents.ConfigurationChanged : ProviderEvents.Ready);
          isReady = true;
        }),
      );
      listen('offline', () => {
        isOffline = isReady;
        if (isReady) events.emit(ProviderEvents.Stale);
      });
      listen('online', () => {
        if (isOffline) events.emit(ProviderEvents.Ready);
        isOffline = false;
      });
      if (!isReady) throw new Error('there are no definitions');
    },
    onContextChange: adopt,
    async onClose() {
      for (const stop of stops) stop();
    },
    resolveBooleanEvaluation: resolve,
    resolveStringEvaluation: resolve,
    resolveNumberEvaluation: resolve,
    resolveObjectEvaluation: <Value extends JsonValue>(key: string, fallback: Value) =>
      resolve(key, fallback),
    track(name: string, _context: EvaluationContext, details: TrackingEventDetails) {
      recorder.track(name, details);
    },
  };
}
