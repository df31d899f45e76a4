export type { VisitorScope } from '../scope.ts';
export { type HeadersScopeOptions, type RequestHeaders, scopeOfHeaders } from './scope-of-headers.ts';
export { type Visitor, type VisitorCookieOptions, visitorOf } from './visitor-cookie.ts';
