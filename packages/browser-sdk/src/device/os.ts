/**
 * The system's name and version as client hints give them. Windows gives the version of an interface instead of its
 * own: 13 and above is Windows 11, 1 to 10 is Windows 10, and 0 is older.
 * https://learn.microsoft.com/en-us/microsoft-edge/web-platform/how-to-detect-win11
 */
export function osOf(platform: string, platformVersion = ''): { name: string; version?: string } {
  if (platform !== 'Windows') {
    return { name: platform, ...(platformVersion && { version: platformVersion }) };
  }
  const major = Number.parseInt(platformVersion, 10);
  if (!(major > 0)) return { name: platform };
  return { name: platform, version: major >= 13 ? '11' : '10' };
}
