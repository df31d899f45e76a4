import { spawnSync } from 'node:child_process';

/**
 * How the tests start Chromium. `MILLRACE_CHROMIUM` names one; else on Linux the one that the npm package
 * @sparticuz/chromium carries; elsewhere Playwright's own, which `npx playwright install chromium` brings.
 * @returns {Promise<{executablePath?: string, args: string[]}>}
 */
export async function chromiumLaunch() {
  const args = [
    '--no-sandbox',
    '--disable-background-networking',
    '--disable-component-update',
    '--disable-sync',
    '--disable-quic',
    '--no-first-run',
  ];
  const named = process.env.MILLRACE_CHROMIUM;
  if (named) return { executablePath: named, args };
  if (process.platform !== 'linux') return { args };
  if (!hasSystemLibraries()) {
    // The package also carries NSS and what else Chromium links against, but unpacks it only where it
    // believes to be on the one system that it knows to lack them.
    process.env.AWS_EXECUTION_ENV ??= 'AWS_Lambda_nodejs22.x';
  }
  const { default: chromium } = await import('@sparticuz/chromium');
  return { executablePath: await chromium.executablePath(), args };
}

function hasSystemLibraries() {
  const { stdout } = spawnSync('ldconfig', ['-p'], {
    encoding: 'utf8',
    env: { ...process.env, PATH: `${process.env.PATH ?? ''}:/sbin:/usr/sbin` },
  });
  return typeof stdout !== 'string' || stdout === '' || stdout.includes('libnss3.so');
}
