import { existsSync, readdirSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { debianInstall } from '../services/debian-install.mjs';

const LIBRARIES = `/usr/lib/${process.arch === 'arm64' ? 'aarch64' : 'x86_64'}-linux-gnu`;

/**
 * The programs that drive WebKitGTK's own small browser on a screen that nobody sees.
 * @typedef {{driver: string, browser: string, screen: string}} WebKitPrograms
 */

/**
 * A Chromium as people use it, which the one in npm is not wholly: it has no back-forward cache. The one that
 * `MILLRACE_CHROMIUM` names, else the one on PATH; undefined where there is none.
 * @returns {string | undefined}
 */
export function findFullChromium() {
  return process.env.MILLRACE_CHROMIUM || onPath('chromium') || onPath('google-chrome');
}

/**
 * Firefox: the one that `MILLRACE_FIREFOX` names, else the one on PATH; undefined where there is none.
 * @returns {string | undefined}
 */
export function findFirefox() {
  return process.env.MILLRACE_FIREFOX || onPath('firefox-esr') || onPath('firefox');
}

/**
 * WebKit as Debian packages it; undefined where a part of it is missing.
 * @returns {WebKitPrograms | undefined}
 */
export function findWebKit() {
  const driver = onPath('WebKitWebDriver');
  const screen = onPath('Xvfb');
  const browser = (existsSync(LIBRARIES) ? readdirSync(LIBRARIES) : [])
    .filter((name) => name.startsWith('webkit2gtk-') || name.startsWith('webkitgtk-'))
    .map((name) => join(LIBRARIES, name, 'MiniBrowser'))
    .find((file) => existsSync(file));
  return driver && screen && browser ? { driver, browser, screen } : undefined;
}

/** Installs Debian's Firefox and WebKit where they are missing, this is Debian and we are root. */
export async function ensureBrowsers() {
  const missing = [
    ...(findFirefox() ? [] : ['firefox-esr']),
    ...(findWebKit() ? [] : ['webkit2gtk-driver', 'xvfb']),
  ];
  if (missing.length > 0) await debianInstall('Firefox and WebKit', missing);
}

/**
 * @param {string} program
 * @returns {string | undefined}
 */
function onPath(program) {
  return (process.env.PATH ?? '')
    .split(delimiter)
    .map((folder) => join(folder, program))
    .find((file) => existsSync(file));
}
