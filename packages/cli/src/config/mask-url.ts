/** A URL without its password and query, fit to be printed; what is no URL is masked as a whole. */
export function maskUrl(text: string): string {
  if (!URL.canParse(text)) return '********';
  const url = new URL(text);
  if (url.password) url.password = '********';
  if (url.search) url.search = '?********';
  return url.href;
}
