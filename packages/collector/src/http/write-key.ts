/** The write key in the headers of a request: Basic auth's user, a Bearer token, or `x-write-key`. */
export function writeKeyInHeaders(header: (name: string) => string | undefined): string | undefined {
  const authorization = header('authorization');
  if (authorization !== undefined) {
    const [scheme = '', credentials = ''] = authorization.trim().split(/\s+/, 2);
    if (/^bearer$/i.test(scheme) && credentials) return credentials;
    if (/^basic$/i.test(scheme)) {
      const [user] = Buffer.from(credentials, 'base64').toString('utf8').split(':', 1);
      if (user) return user;
    }
  }
  return header('x-write-key')?.trim() || undefined;
}
