import { expect, it } from 'vitest';
import { judge } from './assignment-check.ts';

const row = { library: 'millrace-browser', library_version: '1.2.0', split: 10, mismatches: 0, problems: [] };

it('names the versions of SDKs whose variants are not those of the definitions', () => {
  const wrong = { ...row, library_version: '1.1.0', mismatches: 3, problems: ['variant', 'unknown_phase'] };
  const [finding, ...others] = judge([row, wrong]);
  expect(others).toEqual([]);
  expect(finding).toMatchObject({ severity: 'error' });
  expect(finding?.message).toContain('millrace-browser 1.1.0: 3 of 10 exposures');
  expect(finding?.message).toContain('(variant, unknown_phase)');
  expect(judge([{ ...wrong, library: '', library_version: '' }])[0]?.message).toMatch(
    /^an unnamed SDK: 3 of/,
  );
});

it('says so when all is well, and when there is nothing to say', () => {
  expect(judge([row, { ...row, split: 5 }])).toEqual([
    {
      severity: 'ok',
      message: 'all 15 variants drawn in the last 7 days are those that the definitions give',
    },
  ]);
  expect(judge([])).toEqual([{ severity: 'ok', message: 'no exposures in the last 7 days' }]);
});
