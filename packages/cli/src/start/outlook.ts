import type { Config } from '../config/read-config.ts';
import type { Credentials } from '../data-dir/credentials.ts';
import { PARTS, type Part } from './parts.ts';
import type { PreparedDefinitions } from './prepare-definitions.ts';

/** What the person who started Millrace is told. */
export interface Outlook {
  parts: readonly Part[];
  /** Where a browser on this machine reaches it. */
  url: string;
  writeKey: string;
  isNewKey: boolean;
  adminToken: string;
  version: string;
  dataDir: string;
  isLoopback: boolean;
}

/** Puts together what there is to say. */
export function createOutlook(found: {
  parts: readonly Part[];
  config: Config;
  credentials: Credentials;
  version: string;
  prepared: PreparedDefinitions;
}): Outlook {
  const { parts, config, credentials, version, prepared } = found;
  return {
    parts,
    url: `http://${reachableHost(config.host)}:${config.port}`,
    writeKey: prepared.writeKey,
    isNewKey: prepared.isNewKey,
    adminToken: config.adminToken ?? credentials.adminToken,
    version,
    dataDir: config.dataDir,
    isLoopback: config.isLoopback,
  };
}

function reachableHost(host: string): string {
  if (host === '0.0.0.0' || host === '::' || host === '127.0.0.1' || host === '::1') return 'localhost';
  return host.includes(':') && !host.startsWith('[') ? `[${host}]` : host;
}

/** The text that `millrace start` ends with: lines that work when they are pasted. */
export function describeOutlook(outlook: Outlook, { colour }: { colour: boolean }): string {
  const { url, writeKey, dataDir, isLoopback, isNewKey, adminToken, version } = outlook;
  const strong = (text: string) => (colour ? `\u001b[1m${text}\u001b[22m` : text);
  const faint = (text: string) => (colour ? `\u001b[2m${text}\u001b[22m` : text);
  if (outlook.parts.length < PARTS.length) {
    const at = outlook.parts.some((part) => part !== 'loader') ? ` at ${strong(url)}` : '';
    return `\n  ${strong('Millrace')} ${version}: ${outlook.parts.join(' and ')} ${outlook.parts.length > 1 ? 'run' : 'runs'}${at}\n  Ctrl-C stops it; nothing is lost.\n`;
  }
  const secrets = isLoopback
    ? []
    : [
        '',
        strong('Kept in the credentials file of the data folder; shown here once:'),
        `  admin token  ${isNewKey ? adminToken : faint('(as before)')}`,
      ];
  return [
    '',
    `  ${strong('Millrace')} ${version} is running at ${strong(url)}`,
    '',
    `  write key    ${writeKey}`,
    `  data         ${dataDir}`,
    `  reset        millrace stop, then remove that folder`,
    ...secrets,
    '',
    `  ${faint('Send an event:')}`,
    `curl -s ${url}/track -H 'content-type: application/json' -u ${writeKey}: -d '{"user_id":"ada","event_type":"signed_up","properties":{"plan":"free"}}'`,
    '',
    `  ${faint('Or put this into any page:')}`,
    `<script src="${url}/millrace.js" data-write-key="${writeKey}"></script>`,
    '',
    `  ${faint('Read it back:')}`,
    `curl -s ${url}/sql -d 'SELECT * FROM event_counts'${isLoopback ? '' : ` -H 'authorization: Bearer TOKEN'`}`,
    '',
    `  Ctrl-C stops it; nothing is lost.`,
    '',
  ].join('\n');
}
