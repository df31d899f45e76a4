import { vi } from 'vitest';

/** Puts a localStorage of its own into the globals of this test; gives what it holds. */
export function stubLocalStorage(): Record<string, string> {
  const texts: Record<string, string> = {};
  const methods = {
    getItem: (key: string) => texts[key] ?? null,
    setItem: (key: string, text: string) => void Object.assign(texts, { [key]: text }),
    removeItem: (key: string) => void delete texts[key],
  };
  // Its keys are its own, as a browser's are.
  for (const [name, value] of Object.entries(methods)) {
    Object.defineProperty(texts, name, { value, enumerable: false });
  }
  vi.stubGlobal('localStorage', texts);
  return texts;
}
