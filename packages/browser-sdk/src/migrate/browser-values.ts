/** What is stored under names of one shape, cookies first, localStorage after; nothing where storage is blocked. */
export function storedValues(name: RegExp): string[] {
  return [...cookies(), ...local()].flatMap(([key, value]) => (name.test(key) ? [value] : []));
}

function cookies(): [string, string][] {
  return (
    attempt(() =>
      document.cookie.split(/;\s*/).map((pair): [string, string] => {
        const [, key = '', value = ''] = /^([^=]*)=?(.*)$/s.exec(pair) ?? [];
        return [key, attempt(() => decodeURIComponent(value)) ?? ''];
      }),
    ) ?? []
  );
}

function local(): [string, string][] {
  return attempt(() => Object.entries({ ...localStorage }) as [string, string][]) ?? [];
}

/** What a function returns, or undefined where it throws. */
export function attempt<T>(run: () => T): T | undefined {
  try {
    return run();
  } catch {
    return undefined;
  }
}
