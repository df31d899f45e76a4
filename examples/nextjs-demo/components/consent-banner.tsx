'use client';

import { useAnalytics } from '@millrace/browser-sdk/react';
import { useEffect, useState } from 'react';
import { CONSENT_COOKIE } from '@/lib/consent-cookie.ts';

const YEAR_SECONDS = 365 * 24 * 60 * 60;

/** Asks once whether the visitor may be measured. Until then events wait in the page's memory, and nothing is sent. */
export function ConsentBanner() {
  const analytics = useAnalytics();
  const [isOpen, setOpen] = useState(false);
  useEffect(() => setOpen(analytics.consent() === 'pending'), [analytics]);
  if (!isOpen) return null;

  const decide = (state: 'granted' | 'denied') => {
    analytics.setConsent(state);
    // biome-ignore lint/suspicious/noDocumentCookie: the server is to know at once.
    document.cookie = `${CONSENT_COOKIE}=${state};path=/;max-age=${YEAR_SECONDS};samesite=lax`;
    setOpen(false);
  };
  return (
    <div className="consent" role="dialog" aria-label="Consent">
      <p>May we measure how this shop is used? Everything stays with us.</p>
      <div>
        <button type="button" onClick={() => decide('granted')}>
          Yes
        </button>
        <button type="button" className="plain" onClick={() => decide('denied')}>
          No
        </button>
      </div>
    </div>
  );
}
