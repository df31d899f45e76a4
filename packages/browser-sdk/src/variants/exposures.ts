import type { Assignment } from '@millrace/core/evaluation';
import { EXPOSURE_EVENT, exposureKey, exposureProperties } from '@millrace/core/variants';
import type { Analytics } from '../analytics.ts';
import type { KeyValues } from '../key-values.ts';

/** Of so many exposures a browser remembers that they were told. */
const MAX_TOLD = 100;

/** Crawlers, and browsers that nobody sits at. */
const BOT = /[^u]bot\b|crawl|spider|slurp|headless|lighthouse/i;

/**
 * Tells the collector of exposures: of each once a session, over the tabs and pages of the origin. Of those of a bot it
 * tells nothing, of those of a page that is rendered before it is opened once that happens.
 */
export function createExposures(
  client: Analytics,
  values: KeyValues,
  environment: string,
): (assignment: Assignment, version: number) => void {
  // What this page has told, so that a call costs no look into storage.
  const told = new Set<string>();
  const tell = (assignment: Assignment, version: number): void => {
    const keyIn = (session: unknown): string => exposureKey(assignment, session as string);
    // A page may ask again and again: only what is new is a sign of life, and may begin a session.
    if (client.consent() === 'denied' || told.has(keyIn(values.readValue('session').id))) return;
    const key = keyIn(client.ids().sessionId);
    told.add(key);
    const known = [values.readValue('exposed').keys].flat();
    if (known.includes(key)) return;
    values.saveValue('exposed', { keys: [...known.slice(1 - MAX_TOLD), key] });
    client.track(EXPOSURE_EVENT, exposureProperties(assignment, version, environment));
  };
  return (assignment, version) => {
    const { webdriver, userAgent } = navigator;
    if (webdriver || BOT.test(userAgent)) return;
    if ((document as { prerendering?: boolean }).prerendering) {
      document.addEventListener('prerenderingchange', () => tell(assignment, version), { once: true });
    } else tell(assignment, version);
  };
}
