/** The device types that the column knows; a library's other words stay in the context. */
export const DEVICE_TYPES: ReadonlySet<unknown> = new Set([
  'desktop',
  'mobile',
  'tablet',
  'smarttv',
  'console',
  'wearable',
]);
