/** Where a request came from, as far as that is known for certain. */
export interface RemoteAddress {
  /** The client's address. */
  address: string | undefined;
  /** The client is a process of this machine, with no proxy between that could speak for another. */
  isLoopback: boolean;
}

const LOOPBACK = /^(?:::ffff:)?127\.\d+\.\d+\.\d+$|^::1$/i;

/**
 * Finds the client behind `trustedHops` proxies. Each proxy appends whom it heard from to
 * `X-Forwarded-For`, so only as many entries are believed, counted from the end; what stands before
 * them the client may have written itself. A local proxy that is not counted never makes a remote
 * client look local.
 */
export function findRemoteAddress(
  socketAddress: string | undefined,
  forwardedFor: string | undefined,
  trustedHops: number,
): RemoteAddress {
  if (socketAddress === undefined) return { address: undefined, isLoopback: false };
  if (forwardedFor === undefined) {
    return { address: socketAddress, isLoopback: LOOPBACK.test(socketAddress) };
  }
  const chain = [...forwardedFor.split(',').map((entry) => entry.trim()), socketAddress];
  const address = chain[Math.max(0, chain.length - 1 - trustedHops)];
  return { address, isLoopback: trustedHops > 0 && address !== undefined && LOOPBACK.test(address) };
}
