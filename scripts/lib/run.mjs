import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/** The repository's folder. */
export const root = fileURLToPath(new URL('../..', import.meta.url));

/**
 * The pnpm that this repository is installed with; npx brings it, nothing is installed first.
 * @type {[string, ...string[]]}
 */
export const PNPM = ['npx', '-y', 'pnpm@10.34.9'];

/**
 * Runs a command and resolves with its exit code and, unless it was shown, what it printed.
 * @param {string[]} command the program and its arguments
 * @param {{cwd?: string, env?: NodeJS.ProcessEnv, show?: boolean}} [options]
 * @returns {Promise<{code: number, output: string}>}
 */
export function run([file = '', ...args], { cwd = root, env = process.env, show = false } = {}) {
  return new Promise((resolve, reject) => {
    /** @type {import('node:child_process').ChildProcess} */
    const child = spawn(file, args, {
      cwd,
      env,
      stdio: show ? 'inherit' : ['ignore', 'pipe', 'pipe'],
      shell: process.platform === 'win32',
    });
    let output = '';
    child.stdout?.on('data', (/** @type {Buffer} */ data) => {
      output += data;
    });
    child.stderr?.on('data', (/** @type {Buffer} */ data) => {
      output += data;
    });
    child.once('error', reject);
    child.once('close', (code, signal) => resolve({ code: code ?? (signal ? 1 : 0), output }));
  });
}

/**
 * Prints `text` and leaves when the script was called with `--help`.
 * @param {string} text
 */
export function help(text) {
  if (!process.argv.includes('--help') && !process.argv.includes('-h')) return;
  console.log(text.trim());
  process.exit(0);
}
