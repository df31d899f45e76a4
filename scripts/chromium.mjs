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
  const { default: chromium } = await import('@sparticuz/chromium');
  return { executablePath: await chromium.executablePath(), args };
}
