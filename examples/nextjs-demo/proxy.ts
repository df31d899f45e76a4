import { visitorOf } from '@millrace/node-sdk/next';
import { type NextRequest, NextResponse } from 'next/server';
import { CONSENT_COOKIE } from './lib/consent-cookie.ts';
import { readSettings } from './lib/settings.ts';

/** Gives each visitor an id before the first page is rendered, so that its variants stay; none who said no. */
export function proxy(request: NextRequest): NextResponse {
  if (request.cookies.get(CONSENT_COOKIE)?.value === 'denied') return NextResponse.next();
  const visitor = visitorOf(request, {
    writeKey: readSettings().writeKey,
    secure: request.nextUrl.protocol === 'https:',
  });
  return visitor.keep(NextResponse.next({ request: { headers: visitor.headers } }));
}

export const config = { matcher: ['/((?!_next/|favicon.ico).*)'] };
