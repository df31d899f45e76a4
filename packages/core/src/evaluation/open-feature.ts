import type { Reason } from './evaluation.ts';

/** Why an evaluation came out as it did, in OpenFeature's words (openfeature.dev/specification/types, "Resolution Reason"). */
export type OpenFeatureReason = 'SPLIT' | 'TARGETING_MATCH' | 'DEFAULT' | 'DISABLED' | 'ERROR';

/** What went wrong, in OpenFeature's words (openfeature.dev/specification/types, "Error Code"). */
export type OpenFeatureErrorCode = 'FLAG_NOT_FOUND' | 'TYPE_MISMATCH' | 'PROVIDER_NOT_READY' | 'GENERAL';

const ERRORS: { [reason in Reason]?: OpenFeatureErrorCode } = {
  not_found: 'FLAG_NOT_FOUND',
  wrong_type: 'TYPE_MISMATCH',
  not_ready: 'PROVIDER_NOT_READY',
  unsupported_version: 'GENERAL',
  remote: 'GENERAL',
  error: 'GENERAL',
};

const REASONS: { [reason in Reason]?: OpenFeatureReason } = {
  split: 'SPLIT',
  sticky: 'SPLIT',
  targeted: 'TARGETING_MATCH',
  forced: 'TARGETING_MATCH',
  rule: 'TARGETING_MATCH',
  killed: 'DISABLED',
};

/** The error that a reason stands for; undefined where the evaluation went well. */
export function openFeatureErrorCode(reason: Reason): OpenFeatureErrorCode | undefined {
  return ERRORS[reason];
}

/** A reason as OpenFeature names it. Whoever is kept out of an experiment gets what everybody gets: `DEFAULT`. */
export function openFeatureReason(reason: Reason): OpenFeatureReason {
  return ERRORS[reason] ? 'ERROR' : (REASONS[reason] ?? 'DEFAULT');
}
