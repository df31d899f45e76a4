import { describe, expect, it } from 'vitest';
import { type AccessRequest, decideAccess } from './decide-access.ts';

const TOKEN = 'a-long-admin-token';
const local: AccessRequest = {
  loopback: true,
  forwarded: false,
  host: 'localhost:3500',
  origin: undefined,
  secFetchSite: undefined,
  authorization: undefined,
};

function codeFor(change: Partial<AccessRequest>, token = TOKEN): string {
  return decideAccess({ ...local, ...change }, token)?.code ?? 'allowed';
}

describe('callers on this machine', () => {
  it.each([
    ['curl, without an origin', {}, 'allowed'],
    ['127.0.0.1', { host: '127.0.0.1:3500' }, 'allowed'],
    ['IPv6', { host: '[::1]:3500' }, 'allowed'],
    ['a host without a port', { host: 'localhost' }, 'allowed'],
    ['capitals', { host: 'LOCALHOST:3500' }, 'allowed'],
    ['an address typed into the browser', { secFetchSite: 'none' }, 'allowed'],
    ['our own page', { origin: 'http://localhost:3500', secFetchSite: 'same-origin' }, 'allowed'],
    ['a name that was rebound to this machine', { host: 'attacker.example:3500' }, 'foreign_host'],
    ['a name that begins like ours', { host: 'localhost.attacker.example' }, 'foreign_host'],
    ['a name that ends like ours', { host: 'attacker.example#localhost' }, 'foreign_host'],
    ['an address that only looks local', { host: '127.0.0.1.attacker.example' }, 'foreign_host'],
    ['a user part in the host', { host: 'localhost:3500@attacker.example' }, 'foreign_host'],
    ['no host at all', { host: undefined }, 'foreign_host'],
    ['a page elsewhere', { origin: 'https://attacker.example' }, 'foreign_origin'],
    ['a page on another local port', { origin: 'http://localhost:5173' }, 'foreign_origin'],
    ['a page by our other name', { origin: 'http://127.0.0.1:3500' }, 'foreign_origin'],
    ['a sandboxed page', { origin: 'null' }, 'foreign_origin'],
    ['an image on a page elsewhere', { secFetchSite: 'cross-site' }, 'foreign_origin'],
    ['an image on another local port', { secFetchSite: 'same-site' }, 'foreign_origin'],
    ['a proxy that says so', { forwarded: true }, 'token_required'],
  ])('%s: %o', (_name, change, expected) => {
    expect(codeFor(change)).toBe(expected);
  });
});

describe('callers elsewhere', () => {
  const remote = { loopback: false, host: 'events.example.com' };

  it.each([
    ['without a token', {}, 'token_required'],
    ['with a local host, which anyone may claim', { host: 'localhost:3500' }, 'token_required'],
    ['with the token', { authorization: `Bearer ${TOKEN}` }, 'allowed'],
    ['with the token and small letters', { authorization: `bearer ${TOKEN}` }, 'allowed'],
    ['with a wrong token', { authorization: 'Bearer nearly' }, 'token_wrong'],
    ['with the beginning of the token', { authorization: `Bearer ${TOKEN.slice(0, -1)}` }, 'token_wrong'],
    ['with another scheme', { authorization: `Basic ${TOKEN}` }, 'token_required'],
    ['with an empty token', { authorization: 'Bearer ' }, 'token_required'],
  ])('%s: %o', (_name, change, expected) => {
    expect(codeFor({ ...remote, ...change })).toBe(expected);
  });

  it('are refused whatever they send where no token is set', () => {
    expect(codeFor(remote, '')).toBe('token_not_set');
    expect(codeFor({ ...remote, authorization: 'Bearer undefined' }, '')).toBe('token_wrong');
    expect(codeFor({ ...remote, authorization: 'Bearer x' }, '')).toBe('token_wrong');
  });
});

describe('the address that the server was told to listen on', () => {
  const refused = (host: string) => decideAccess({ ...local, host }, TOKEN, ['127.0.0.2'])?.code ?? 'allowed';

  it.each([
    ['with its port', '127.0.0.2:3500', 'allowed'],
    ['without a port', '127.0.0.2', 'allowed'],
    ['localhost is still good', 'localhost:3500', 'allowed'],
    ['another address of loopback', '127.0.0.3:3500', 'foreign_host'],
    ['a name that begins like it', '127.0.0.2.attacker.example:3500', 'foreign_host'],
    ['a port that is none', '127.0.0.2:3500@attacker.example', 'foreign_host'],
  ])('%s: %s, %s', (_name, host, expected) => {
    expect(refused(host)).toBe(expected);
  });

  it('is named in the refusal', () => {
    expect(decideAccess({ ...local, host: 'x' }, TOKEN, ['127.0.0.2'])?.message).toContain('127.0.0.2');
  });
});

it('a wrong token is refused on this machine too', () => {
  expect(codeFor({ authorization: 'Bearer wrong' })).toBe('token_wrong');
});
