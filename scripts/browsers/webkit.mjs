import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { createInterface } from 'node:readline';
import { endsWithParent } from '../services/find-postgres.mjs';
import { startWebDriverSession } from './web-driver.mjs';

/** @typedef {import('./browsers.mjs').Browser} Browser */
/** @typedef {import('./browsers.mjs').Tab} Tab */

/**
 * WebKitGTK's MiniBrowser. Its driver serves one session at a time, so a profile must be closed before the next.
 * @param {import('./find-browsers.mjs').WebKitPrograms} programs
 * @returns {Promise<Browser>}
 */
export async function startWebKit({ driver, browser, screen }) {
  const display = await startScreen(screen);
  const port = await freePort();
  const running = start([driver, `--port=${port}`], { DISPLAY: display.name });
  const url = `http://127.0.0.1:${port}`;
  await answers(`${url}/status`);

  return {
    async openProfile() {
      const session = await startWebDriverSession(url, {
        browserName: 'MiniBrowser',
        'webkitgtk:browserOptions': { binary: browser, args: ['--automation'] },
      });
      await session.ask('POST', '/timeouts', { script: 20_000 });
      let isFresh = true;
      return {
        async openTab() {
          const [first] = await session.ask('GET', '/window/handles');
          await session.ask('POST', '/window', { handle: first });
          const handle = isFresh ? first : (await session.ask('POST', '/window/new', { type: 'tab' })).handle;
          isFresh = false;
          return createTab(session, handle);
        },
        close: session.end,
      };
    },
    async close() {
      running.kill();
      await once(running, 'exit');
      await display.close();
    },
  };
}

/**
 * @param {import('./web-driver.mjs').WebDriverSession} session
 * @param {string} handle
 * @returns {Tab}
 */
function createTab(session, handle) {
  const here = () => session.ask('POST', '/window', { handle });
  return {
    async goto(url) {
      await here();
      await session.ask('POST', '/url', { url });
    },
    async run(source) {
      await here();
      const { value, error } = await session.ask('POST', '/execute/async', {
        script: `const done = arguments[0];
          Promise.resolve().then(() => (${source})).then((value) => done({ value }), (error) => done({ error: String(error) }))`,
        args: [],
      });
      if (error) throw new Error(error);
      return value;
    },
    async show() {
      await here();
    },
    async close() {
      await here();
      await session.ask('DELETE', '/window');
    },
  };
}

/** @param {string} program */
async function startScreen(program) {
  // It takes a number that is free, and writes it to the descriptor.
  const running = start(
    [program, '-displayfd', '3', '-screen', '0', '1280x1024x24', '-nolisten', 'tcp'],
    {},
    ['pipe'],
  );
  const lines = createInterface({ input: /** @type {import('node:stream').Readable} */ (running.stdio[3]) });
  const [number] = await Promise.race([
    once(lines, 'line'),
    once(running, 'exit').then(([code]) => Promise.reject(new Error(`Xvfb ended with code ${code}`))),
  ]);
  return {
    name: `:${number}`,
    async close() {
      running.kill();
      await once(running, 'exit');
    },
  };
}

/**
 * @param {string[]} command
 * @param {NodeJS.ProcessEnv} env
 * @param {'pipe'[]} [more] further descriptors
 */
function start(command, env, more = []) {
  const [file = '', ...args] = [...endsWithParent(), ...command];
  return spawn(file, args, {
    env: { ...process.env, ...env },
    stdio: ['ignore', 'ignore', 'ignore', ...more],
  });
}

/** @returns {Promise<number>} */
async function freePort() {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = /** @type {import('node:net').AddressInfo} */ (server.address());
  server.close();
  return port;
}

/** @param {string} url */
async function answers(url) {
  for (let tries = 0; ; tries++) {
    try {
      await fetch(url);
      return;
    } catch (error) {
      if (tries === 100) throw error;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }
}
