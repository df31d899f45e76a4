import { UAParser } from 'ua-parser-js';
import { botReasons } from './bot-reasons.ts';
import { DEVICE_TYPES } from './device-types.ts';
import { type Columns, type EnrichInput, type EnrichStep, stringAt } from './enrich-step.ts';

/** What is known from a `User-Agent` string alone: browser, system, device, and why it may be a bot. */
export function parseUserAgent(userAgent: string): Columns {
  const { browser, os, device } = new UAParser(userAgent).getResult();
  const reasons = botReasons(userAgent);
  const columns: Columns = { user_agent: userAgent };
  if (browser.name) columns.browser = browser.name;
  if (browser.version) columns.browser_version = browser.version;
  if (os.name) columns.os = os.name;
  if (os.version) columns.os_version = os.version;
  if (device.vendor) columns.device_vendor = device.vendor;
  if (device.model) columns.device_model = device.model;
  // The parser names a type only where it is not a desktop.
  const type = device.type ?? (browser.name && os.name ? 'desktop' : undefined);
  if (type) columns.device_type = type;
  if (reasons.length > 0) {
    columns.device_type = 'bot';
    columns.is_bot = true;
    columns.bot_reasons = reasons;
  }
  return columns;
}

/** The header of a server's HTTP library tells nothing of the person an event is about; a browser's does. */
function browserHeader({ request }: EnrichInput): string | undefined {
  const header = request.userAgent;
  return header?.startsWith('Mozilla/') || header?.startsWith('Opera/') ? header : undefined;
}

/**
 * Browser, system and device: of `context.userAgent`, else of the request's header if a browser wrote
 * it. What an app says of its own device and system goes before what its user agent says.
 */
export const userAgentStep: EnrichStep<(string | undefined)[]> = {
  read: (input) => [
    stringAt(input.context, 'userAgent') ?? browserHeader(input),
    stringAt(input.context.device, 'type'),
    stringAt(input.context.device, 'manufacturer'),
    stringAt(input.context.device, 'model'),
    stringAt(input.context.os, 'name'),
    stringAt(input.context.os, 'version'),
  ],
  derive(userAgent, type, vendor, model, os, osVersion) {
    const columns = userAgent === undefined ? {} : parseUserAgent(userAgent);
    if (type && DEVICE_TYPES.has(type) && !columns.is_bot) columns.device_type = type;
    if (vendor) columns.device_vendor = vendor;
    if (model) columns.device_model = model;
    if (os) columns.os = os;
    if (osVersion) columns.os_version = osVersion;
    return columns;
  },
};
