// Chromium under LANG=C says "en-US@posix", which Intl refuses; uPlot passes it on when it is loaded, and throws.
// Imported before it.
try {
  Intl.getCanonicalLocales(navigator.language);
} catch {
  Object.defineProperty(navigator, 'language', { value: 'en-US', configurable: true });
}

export {};
