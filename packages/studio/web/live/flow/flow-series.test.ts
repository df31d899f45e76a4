import { expect, it } from 'vitest';
import { axisTop, flowSeries, meanRate } from './flow-series.ts';

it('the rate is the mean of the last five seconds', () => {
  expect(meanRate([100, 1, 2, 3, 4, 5])).toBe(3);
  expect(meanRate([0, 0, 0, 0, 0, 1])).toBe(0.2);
});

it('a second that is not over is left out, unless it already holds more than the one before', () => {
  expect(flowSeries([5, 5, 2], 100_800)).toEqual([
    [98.5, 99.5],
    [5, 5],
  ]);
  expect(flowSeries([0, 0, 1], 100_800)).toEqual([
    [98.5, 99.5, 100.5],
    [0, 0, 1],
  ]);
});

it('the second before the current one has half a second to settle', () => {
  expect(flowSeries([5, 3, 0], 100_200)[1]).toEqual([5]);
  expect(flowSeries([5, 6, 0], 100_200)[1]).toEqual([5, 6]);
});

it('the axis ends at a round number above the peak', () => {
  expect(axisTop([])).toBe(4);
  expect(axisTop([3])).toBe(4);
  expect(axisTop([50])).toBe(60);
  expect(axisTop([900])).toBe(1500);
  for (const peak of [1, 7, 13, 99, 101, 4242, 31_337]) expect(axisTop([peak])).toBeGreaterThan(peak);
});
