import { expect, it } from 'vitest';
import type { Reason } from './evaluation.ts';
import { openFeatureErrorCode, openFeatureReason } from './open-feature.ts';

it.each<[Reason, string, string | undefined]>([
  ['split', 'SPLIT', undefined],
  ['sticky', 'SPLIT', undefined],
  ['targeted', 'TARGETING_MATCH', undefined],
  ['rule', 'TARGETING_MATCH', undefined],
  ['killed', 'DISABLED', undefined],
  ['default', 'DEFAULT', undefined],
  ['holdout', 'DEFAULT', undefined],
  ['no_unit', 'DEFAULT', undefined],
  ['not_found', 'ERROR', 'FLAG_NOT_FOUND'],
  ['wrong_type', 'ERROR', 'TYPE_MISMATCH'],
  ['not_ready', 'ERROR', 'PROVIDER_NOT_READY'],
  ['error', 'ERROR', 'GENERAL'],
])('%s is %s for OpenFeature', (reason, expected, code) => {
  expect([openFeatureReason(reason), openFeatureErrorCode(reason)]).toEqual([expected, code]);
});
