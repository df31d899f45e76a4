import { type EnrichStep, stringAt } from './enrich-step.ts';

const MAX_SCREEN = 65_535;

/** Whether `value` can be a width or height of a screen. */
export function isScreenSize(value: unknown): value is number {
  return typeof value === 'number' && value > 0 && value <= MAX_SCREEN;
}

/** What a client says of itself: library, screen, locale, time zone. */
export const client: EnrichStep = (row, { context }) => {
  const library = stringAt(context.library, 'name');
  const version = stringAt(context.library, 'version');
  const locale = stringAt(context, 'locale');
  const timezone = stringAt(context, 'timezone');
  if (library) row.library = library;
  if (version) row.library_version = version;
  if (locale) row.locale = locale;
  if (timezone) row.timezone = timezone;
  const screen = context.screen as { width?: unknown; height?: unknown } | null | undefined;
  if (isScreenSize(screen?.width)) row.screen_width = Math.round(screen.width);
  if (isScreenSize(screen?.height)) row.screen_height = Math.round(screen.height);
};
