/** The cookie that keeps what the visitor decided, for the server to hold to: `granted` or `denied`. */
export const CONSENT_COOKIE = 'shop_consent';
