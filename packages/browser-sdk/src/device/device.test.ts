import { afterEach, expect, it, vi } from 'vitest';
import { type DeviceEvent, device } from './index.ts';

afterEach(() => vi.unstubAllGlobals());

/** What is added to an event's context before and after the hints are there. */
async function contexts(navigator: object, context?: DeviceEvent['context']) {
  vi.stubGlobal('document', {});
  vi.stubGlobal('navigator', navigator);
  const enrich = device();
  const read = () => {
    const event: DeviceEvent = context ? { context } : {};
    enrich(event);
    return event.context;
  };
  const before = read();
  await Promise.resolve();
  await Promise.resolve();
  return [before, read()];
}

const phone = {
  maxTouchPoints: 5,
  hardwareConcurrency: 8,
  connection: { effectiveType: '4g', saveData: false },
  userAgentData: {
    brands: [{ brand: 'Chromium', version: '140' }],
    mobile: true,
    platform: 'Android',
    getHighEntropyValues: async () => ({ model: 'Pixel 9', platformVersion: '16.0.0' }),
  },
};

it('tells what client hints know, the finer ones once they are there', async () => {
  const [before, after] = await contexts(phone);
  expect(before).toMatchObject({
    device: { type: 'mobile', touch: true, cores: 8 },
    os: { name: 'Android' },
  });
  expect(after).toMatchObject({
    device: { type: 'mobile', model: 'Pixel 9' },
    os: { name: 'Android', version: '16.0.0' },
    network: { effectiveType: '4g' },
    userAgentData: { platform: 'Android', mobile: true },
  });
});

it.each([
  ['15.0.0', '11'],
  ['13.0.0', '11'],
  ['10.0.0', '10'],
  ['0.3.0', undefined],
])('knows Windows %s for %s', async (platformVersion, version) => {
  const userAgentData = {
    ...phone.userAgentData,
    platform: 'Windows',
    getHighEntropyValues: async () => ({ platformVersion }),
  };
  const [, after] = await contexts({ ...phone, userAgentData });
  expect(after?.os).toEqual(version ? { name: 'Windows', version } : { name: 'Windows' });
});

it('leaves out what a browser does not tell, or is forbidden to', async () => {
  const [, firefox] = await contexts({ maxTouchPoints: 0, hardwareConcurrency: 4 });
  expect(JSON.parse(JSON.stringify(firefox))).toEqual({ device: { cores: 4, touch: false } });
  const refused = { ...phone.userAgentData, getHighEntropyValues: () => Promise.reject(new Error('policy')) };
  const [, after] = await contexts({ ...phone, userAgentData: refused });
  expect(after?.os).toEqual({ name: 'Android' });
});

it('leaves what the application says', async () => {
  const [, after] = await contexts(phone, { device: { type: 'kiosk' } });
  expect(after?.device).toEqual({ type: 'kiosk' });
});
