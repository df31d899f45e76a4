import { isIP } from 'node:net';
import { getConnInfo } from '@hono/node-server/conninfo';
import type { AccessOptions } from '@millrace/studio';
import type { Context } from 'hono';

/** Who may ask a process of ours for more than the public does: this machine, and whoever has the admin token. */
export function accessOf(settings: {
  host: string;
  /** Nothing but this machine can reach `host`. */
  isLoopback: boolean;
  adminToken: string;
}): AccessOptions {
  return {
    isLoopback: isFromLoopback,
    adminToken: settings.adminToken,
    // Only an address: a name could be pointed at this machine by a page elsewhere.
    hosts: settings.isLoopback && isIP(settings.host) !== 0 ? [settings.host] : [],
  };
}

/** By the socket's own address; what a header says does not count. */
function isFromLoopback(c: Context): boolean {
  const address = getConnInfo(c).remote.address ?? '';
  return address === '::1' || /^(::ffff:)?127\./.test(address);
}
