import type { EventRow } from '@millrace/warehouse-schema';
import { UAParser } from 'ua-parser-js';
import { createGenerationCache } from '../generation-cache.ts';
import { botReasons } from './bot-reasons.ts';
import { type EnrichStep, stringAt } from './enrich-step.ts';

type UserAgentColumns = Pick<
  EventRow,
  | 'user_agent'
  | 'browser'
  | 'browser_version'
  | 'os'
  | 'os_version'
  | 'device_type'
  | 'device_vendor'
  | 'device_model'
  | 'is_bot'
  | 'bot_reasons'
>;

const cache = createGenerationCache<UserAgentColumns>(5_000);

/** What is known from a `User-Agent` string alone: browser, system, device, and why it may be a bot. */
function parseUserAgent(userAgent: string): UserAgentColumns {
  const { browser, os, device } = new UAParser(userAgent).getResult();
  const reasons = botReasons(userAgent);
  const columns: UserAgentColumns = { user_agent: userAgent };
  if (browser.name) columns.browser = browser.name;
  if (browser.version) columns.browser_version = browser.version;
  if (os.name) columns.os = os.name;
  if (os.version) columns.os_version = os.version;
  if (device.vendor) columns.device_vendor = device.vendor;
  if (device.model) columns.device_model = device.model;
  // The parser names a type only where it is not a desktop.
  const type =
    reasons.length > 0 ? 'bot' : (device.type ?? (browser.name && os.name ? 'desktop' : undefined));
  if (type) columns.device_type = type;
  if (reasons.length > 0) {
    columns.is_bot = true;
    columns.bot_reasons = reasons;
  }
  return columns;
}

/**
 * The columns of the user agent: of `context.userAgent`, else of the request's header if a browser
 * wrote it. The header of a server's HTTP library tells nothing of the person an event is about.
 */
export const userAgent: EnrichStep = (row, { context, request }) => {
  const header = request.userAgent;
  const value =
    stringAt(context, 'userAgent') ??
    (header?.startsWith('Mozilla/') || header?.startsWith('Opera/') ? header : undefined);
  if (value !== undefined) Object.assign(row, cache.get(value, parseUserAgent));
};
