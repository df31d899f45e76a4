import { osOf } from './os.ts';
import { HINTS, type HighEntropyValues, type UserAgentData } from './user-agent-data.ts';

/** The part of an event that the device is added to. */
export interface DeviceEvent {
  context?: { [field: string]: unknown };
}

interface HintedNavigator {
  userAgentData?: UserAgentData;
  connection?: { effectiveType?: string; saveData?: boolean };
  deviceMemory?: number;
}

/**
 * For `createAnalytics({ enrich: [device()] })`: what the browser tells of the device becomes `context.device`,
 * `context.os`, `context.userAgentData` and `context.network`. The finer hints are asked for once and take a moment:
 * the first events of a page may lack them. What a browser does not tell is left out, and so is everything on a server.
 */
export function device(): (event: DeviceEvent) => void {
  if (typeof document === 'undefined') return () => {};
  const { userAgentData, connection, deviceMemory, hardwareConcurrency, maxTouchPoints } =
    navigator as Navigator & HintedNavigator;

  let fine: HighEntropyValues = {};
  userAgentData?.getHighEntropyValues(HINTS).then(
    (values) => {
      fine = values;
    },
    // A permissions policy forbids it; the coarse ones remain.
    () => {},
  );

  return (event) => {
    const { effectiveType, saveData } = connection ?? {};
    const { brands, mobile, platform } = userAgentData ?? {};
    const { model, platformVersion, architecture, bitness, fullVersionList } = fine;
    const own: DeviceEvent['context'] = {
      device: {
        ...(mobile && { type: 'mobile' }),
        ...(model && { model }),
        cores: hardwareConcurrency,
        memoryGb: deviceMemory,
        touch: maxTouchPoints > 0,
      },
    };
    if (effectiveType) own.network = { effectiveType, saveData };
    if (platform) own.os = osOf(platform, platformVersion);
    if (brands) {
      own.userAgentData = { brands: fullVersionList ?? brands, mobile, platform, architecture, bitness };
    }
    // What the application itself says of the device goes first.
    event.context = { ...own, ...event.context };
  };
}
