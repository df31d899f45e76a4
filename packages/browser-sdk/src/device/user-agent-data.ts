/** What `navigator.userAgentData` has, where a browser has it: Chromium, on pages over HTTPS. */
export interface UserAgentData {
  brands: { brand: string; version: string }[];
  mobile: boolean;
  platform: string;
  getHighEntropyValues(hints: string[]): Promise<HighEntropyValues>;
}

/** The answers to the hints that were asked for; a browser may leave any out. */
export interface HighEntropyValues {
  architecture?: string;
  bitness?: string;
  fullVersionList?: { brand: string; version: string }[];
  model?: string;
  platformVersion?: string;
}

/** The hints that tell what a frozen `User-Agent` no longer does: the system's version, the phone's model. */
export const HINTS = ['architecture', 'bitness', 'fullVersionList', 'model', 'platformVersion'];
