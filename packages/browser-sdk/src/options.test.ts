import { describe, expect, it } from 'vitest';
import { type AnalyticsOptions, readOptions } from './options.ts';

const good = { writeKey: 'wk_demo', host: 'http://localhost:3500' };

describe('readOptions', () => {
  it('fills in the defaults', () => {
    expect(readOptions(good)).toEqual({ ...good, flushIntervalMs: 200 });
  });

  it.each([
    ['https://events.example.com/', 'https://events.example.com'],
    ['https://example.com/ingest//', 'https://example.com/ingest'],
    ['http://[::1]:3500', 'http://[::1]:3500'],
  ])('takes the host %s as %s', (host, expected) => {
    expect(readOptions({ ...good, host }).host).toBe(expected);
  });

  it.each([
    ['writeKey', { writeKey: '' }],
    ['writeKey', { writeKey: undefined }],
    ['host', { host: 'localhost:3500' }],
    ['host', { host: '/ingest' }],
    ['host', { host: 'ftp://example.com' }],
    ['host', { host: 'https://example.com?x=1' }],
    ['host', { host: undefined }],
    ['flushIntervalMs', { flushIntervalMs: -1 }],
    ['flushIntervalMs', { flushIntervalMs: Number.NaN }],
    ['flushIntervalMs', { flushIntervalMs: 'soon' }],
  ])('names the option %s where it is %j', (option, bad) => {
    const read = () => readOptions({ ...good, ...bad } as AnalyticsOptions);
    expect(read).toThrow(TypeError);
    expect(read).toThrow(expect.objectContaining({ field: option }));
  });

  it('names the first option where there are none at all', () => {
    expect(() => readOptions(undefined as unknown as AnalyticsOptions)).toThrow('writeKey must be');
  });
});
