import { type Columns, type EnrichStep, stringAt } from './enrich-step.ts';

const MAX_SCREEN = 65_535;

/** Whether `value` can be a width or height of a screen. */
export function isScreenSize(value: unknown): value is number {
  return typeof value === 'number' && value > 0 && value <= MAX_SCREEN;
}

/** A width or height of `context.screen`, in whole pixels, as text. */
function screenSize(screen: unknown, side: 'width' | 'height'): string | undefined {
  if (typeof screen !== 'object' || screen === null) return undefined;
  const size = (screen as Record<string, unknown>)[side];
  return isScreenSize(size) ? String(Math.round(size)) : undefined;
}

/** What a client says of itself: library, locale, time zone, screen. */
export const clientStep: EnrichStep<(string | undefined)[]> = {
  read: ({ context }) => [
    stringAt(context.library, 'name'),
    stringAt(context.library, 'version'),
    stringAt(context, 'locale'),
    stringAt(context, 'timezone'),
    screenSize(context.screen, 'width'),
    screenSize(context.screen, 'height'),
  ],
  derive(library, version, locale, timezone, width, height) {
    const columns: Columns = {};
    if (library) columns.library = library;
    if (version) columns.library_version = version;
    if (locale) columns.locale = locale;
    if (timezone) columns.timezone = timezone;
    if (width) columns.screen_width = Number(width);
    if (height) columns.screen_height = Number(height);
    return columns;
  },
};
