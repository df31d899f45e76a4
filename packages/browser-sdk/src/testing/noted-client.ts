import type { Analytics } from '../analytics.ts';
import { createIdleAnalytics } from '../idle-analytics.ts';

/** A client that only notes its calls: the method's name, then the arguments that were given. */
export function createNotedClient(): { client: Analytics; calls: unknown[][] } {
  const calls: unknown[][] = [];
  const note =
    (method: string) =>
    (...args: unknown[]): void => {
      while (args.length > 0 && args.at(-1) === undefined) args.pop();
      calls.push([method, ...args]);
    };
  const noted = ['track', 'identify', 'page', 'group', 'alias', 'reset'] as const;
  const own = Object.fromEntries(noted.map((method) => [method, note(method)]));
  return { client: { ...createIdleAnalytics(), ...own }, calls };
}
