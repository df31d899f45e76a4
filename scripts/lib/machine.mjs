import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { delimiter, join } from 'node:path';
import { findFirefox, findWebKit } from '../browsers/find-browsers.mjs';
import { findPostgres } from '../services/find-postgres.mjs';
import { KAFKA_JARS } from '../services/kafka-jars.mjs';
import { root } from './run.mjs';

/**
 * A part that this machine lacks. `projects` cannot run without it; `required` makes CI fail.
 * @typedef {{name: string, why: string, remedy: string, projects: string[], required: boolean}} MissingPart
 */

/**
 * What the tests would use and this machine does not have.
 * @returns {Promise<MissingPart[]>}
 */
export async function missingParts() {
  const parts = await Promise.all([
    embeddedClickHouse(),
    chromium(),
    firefox(),
    webKit(),
    postgres(),
    kafka(),
    strace(),
  ]);
  return parts.filter((part) => part !== undefined);
}

function embeddedClickHouse() {
  const resolve = createRequire(join(root, 'packages/warehouse-schema/package.json')).resolve;
  try {
    const chdb = createRequire(resolve('chdb'));
    const libc = process.platform === 'linux' ? '-gnu' : '';
    chdb.resolve(`@chdb/lib-${process.platform}-${process.arch}${libc}/package.json`);
    return undefined;
  } catch {
    return {
      name: 'embedded ClickHouse',
      why: `npm's chdb has no library for ${process.platform}-${process.arch}, or it was not installed`,
      remedy: 'Linux with glibc and macOS have one.',
      projects: ['engine', 'e2e'],
      required: true,
    };
  }
}

async function chromium() {
  const missing = (why) => ({
    name: 'Chromium',
    why,
    remedy: 'Name one in MILLRACE_CHROMIUM, or run npx playwright install chromium.',
    projects: ['browser', 'cross-browser'],
    required: true,
  });
  try {
    const [{ chromiumLaunch }, { chromium: browser }] = await Promise.all([
      import('../chromium.mjs'),
      import('playwright-core'),
    ]);
    const running = await browser.launch({ ...(await chromiumLaunch()), headless: true });
    await running.close();
    return undefined;
  } catch (error) {
    return missing(`it did not start (${String(error).split('\n')[0]})`);
  }
}

function firefox() {
  if (findFirefox()) return undefined;
  return {
    name: 'Firefox',
    why: 'it is not on PATH, and MILLRACE_FIREFOX names none; the cross-browser tests run without it',
    remedy: 'On Debian: apt-get install firefox-esr.',
    projects: [],
    required: false,
  };
}

function webKit() {
  if (findWebKit()) return undefined;
  return {
    name: 'WebKit',
    why: "WebKitGTK's driver, its MiniBrowser or Xvfb is missing; the cross-browser tests run without it",
    remedy: 'On Debian: apt-get install webkit2gtk-driver xvfb.',
    projects: [],
    required: false,
  };
}

function postgres() {
  if (process.env.DATABASE_URL || findPostgres()) return undefined;
  return {
    name: 'PostgreSQL',
    why: 'DATABASE_URL is not set, and there is no PostgreSQL to start',
    remedy: 'On Debian, as root: apt-get install postgresql.',
    projects: ['postgres'],
    required: true,
  };
}

function kafka() {
  const java = isInPath('java');
  if (java && (existsSync(KAFKA_JARS) || isInPath('mvn'))) return undefined;
  return {
    name: 'Apache Kafka',
    why: java
      ? 'Maven, which fetches its jars, is not installed'
      : 'Java, which it runs on, is not installed',
    remedy: 'On Debian: apt-get install openjdk-17-jre-headless maven.',
    projects: ['kafka'],
    required: true,
  };
}

function isInPath(program) {
  const names = process.platform === 'win32' ? [`${program}.exe`, `${program}.cmd`] : [program];
  return (process.env.PATH ?? '')
    .split(delimiter)
    .some((folder) => names.some((name) => existsSync(join(folder, name))));
}

function strace() {
  if (process.platform !== 'linux' || isInPath('strace')) return undefined;
  return {
    name: 'strace',
    why: 'the kill of ClickHouse between token and part, at its system call, is skipped',
    remedy: 'On Linux: apt-get install strace.',
    projects: [],
    required: true,
  };
}
