export { type IdCookieOptions, idCookie } from './id-cookie.ts';
