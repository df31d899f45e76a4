import type { MiddlewareHandler } from 'hono';
import { secureHeaders } from 'hono/secure-headers';

/**
 * Headers of a page: its own files and nothing else, no inline script or style. The live page may not be
 * framed; the shop may be, by pages of this server.
 */
export function pageHeaders(frameAncestors: "'none'" | "'self'"): MiddlewareHandler {
  return secureHeaders({
    contentSecurityPolicy: {
      defaultSrc: ["'none'"],
      scriptSrc: ["'self'"],
      styleSrc: ["'self'"],
      imgSrc: ["'self'", 'data:'],
      connectSrc: ["'self'"],
      frameSrc: ["'self'"],
      frameAncestors: [frameAncestors],
      baseUri: ["'none'"],
      formAction: ["'none'"],
    },
    xFrameOptions: frameAncestors === "'none'" ? 'DENY' : 'SAMEORIGIN',
    referrerPolicy: 'same-origin',
    // The server speaks plain HTTP; whatever ends TLS before it decides on HSTS.
    strictTransportSecurity: false,
    permissionsPolicy: { camera: [], geolocation: [], microphone: [], payment: [], usb: [] },
  });
}

/** Headers of an answer that is data: it may not be framed, sniffed or read by another site. */
export function dataHeaders(): MiddlewareHandler {
  return secureHeaders({
    contentSecurityPolicy: { defaultSrc: ["'none'"], frameAncestors: ["'none'"], sandbox: [] },
    referrerPolicy: 'no-referrer',
    strictTransportSecurity: false,
  });
}
