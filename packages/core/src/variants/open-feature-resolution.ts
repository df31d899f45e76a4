import { openFeatureErrorCode, openFeatureReason } from '../evaluation/open-feature.ts';
import type { Variants } from './variants.ts';

/** What a provider of OpenFeature answers (openfeature.dev/specification/types, "Resolution Details"). */
export interface OpenFeatureResolution<Value> {
  value: Value;
  reason: string;
  variant?: string;
  flagMetadata: { [name: string]: string | number };
  errorCode?: string;
  errorMessage?: string;
}

/**
 * What `variants` give for a key, recorded as a use, in OpenFeature's words. A key of an experiment that no flag has is a
 * text flag of its variant's name, or an object flag of the variant's payload; so the collector answers OFREP as well.
 */
export function resolveForOpenFeature<Value>(
  variants: Variants,
  key: string,
  fallback: Value,
): OpenFeatureResolution<Value> {
  const details = variants.getDetails(key, fallback);
  const { reason, experiment, phase, variant, unitType, version } = details;
  const flagMetadata = {
    reason,
    version,
    ...(experiment !== undefined && { experiment }),
    ...(phase !== undefined && { phase }),
  };
  const fail = (errorCode: string, errorMessage: string): OpenFeatureResolution<Value> => ({
    value: fallback,
    reason: 'ERROR',
    flagMetadata,
    errorCode,
    errorMessage,
  });
  const error = openFeatureErrorCode(reason);
  if (error) return fail(error, `the flag ${key} cannot be evaluated: ${reason}`);
  if (!details.isFlag && reason === 'no_unit') {
    return fail('TARGETING_KEY_MISSING', `expected ${unitType}, the unit of the experiment ${key}`);
  }
  const value = details.isFlag ? details.value : typeof fallback === 'string' ? variant : details.value;
  if (typeof value !== typeof fallback) {
    return fail('TYPE_MISMATCH', `the flag ${key} is no ${typeof fallback}`);
  }
  if (details.isFlag) variants.getFlag(key, fallback);
  else variants.getVariant(key);
  return {
    value: value as Value,
    reason: openFeatureReason(reason),
    ...(variant !== undefined && { variant }),
    flagMetadata,
  };
}
