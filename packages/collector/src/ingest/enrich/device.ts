import { type EnrichStep, stringAt } from './enrich-step.ts';

/** The device types that the column knows; a library's other words stay in the context. */
export const DEVICE_TYPES: ReadonlySet<unknown> = new Set([
  'desktop',
  'mobile',
  'tablet',
  'smarttv',
  'console',
  'wearable',
]);

/** What an app says of its own device and system, which it knows better than its user agent. */
export const device: EnrichStep = (row, { context }) => {
  const type = stringAt(context.device, 'type');
  const vendor = stringAt(context.device, 'manufacturer');
  const model = stringAt(context.device, 'model');
  const os = stringAt(context.os, 'name');
  const osVersion = stringAt(context.os, 'version');
  if (type && DEVICE_TYPES.has(type) && !row.is_bot) row.device_type = type;
  if (vendor) row.device_vendor = vendor;
  if (model) row.device_model = model;
  if (os) row.os = os;
  if (osVersion) row.os_version = osVersion;
};
