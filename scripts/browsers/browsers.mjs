import { startChromium } from './chromium.mjs';
import { findFirefox, findWebKit } from './find-browsers.mjs';
import { startFirefox } from './firefox.mjs';
import { startWebKit } from './webkit.mjs';

/**
 * A browser that runs.
 * @typedef {object} Browser
 * @property {() => Promise<Profile>} openProfile
 * @property {() => Promise<void>} close
 */

/**
 * A user of the browser: cookies and storage of its own, shared by its tabs, gone when it is closed.
 * @typedef {object} Profile
 * @property {() => Promise<Tab>} openTab
 * @property {() => Promise<void>} close
 */

/**
 * A tab of a profile.
 * @typedef {object} Tab
 * @property {(url: string) => Promise<void>} goto resolves when the page is loaded
 * @property {(source: string) => Promise<any>} run the value of a JavaScript expression in the page, awaited
 * @property {() => Promise<void>} show brings the tab to the front
 * @property {() => Promise<void>} close
 */

/**
 * The engines that the SDK is tested in; `start` is undefined where this machine lacks the browser.
 * @returns {{name: string, start: (() => Promise<Browser>) | undefined}[]}
 */
export function findBrowsers() {
  const firefox = findFirefox();
  const webKit = findWebKit();
  return [
    { name: 'Chromium', start: startChromium },
    { name: 'Firefox', start: firefox ? () => startFirefox(firefox) : undefined },
    { name: 'WebKit', start: webKit ? () => startWebKit(webKit) : undefined },
  ];
}
