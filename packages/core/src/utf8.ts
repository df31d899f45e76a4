/**
 * Calls `visit` with every byte of `text` in UTF-8, as TextEncoder would give them: a lone surrogate becomes
 * U+FFFD. Written out because TextEncoder is a platform's, and because hashing needs no buffer.
 */
export function forEachUtf8Byte(text: string, visit: (byte: number) => void): void {
  for (let i = 0; i < text.length; i++) {
    let code = text.charCodeAt(i);
    if (code < 0x80) {
      visit(code);
      continue;
    }
    if (code < 0x800) {
      visit(0xc0 | (code >> 6));
      visit(0x80 | (code & 63));
      continue;
    }
    if (code >= 0xd800 && code < 0xe000) {
      const low = text.charCodeAt(i + 1);
      if (code < 0xdc00 && low >= 0xdc00 && low < 0xe000) {
        i++;
        code = 0x10000 + ((code & 0x3ff) << 10) + (low & 0x3ff);
        visit(0xf0 | (code >> 18));
        visit(0x80 | ((code >> 12) & 63));
        visit(0x80 | ((code >> 6) & 63));
        visit(0x80 | (code & 63));
        continue;
      }
      code = 0xfffd;
    }
    visit(0xe0 | (code >> 12));
    visit(0x80 | ((code >> 6) & 63));
    visit(0x80 | (code & 63));
  }
}

/** The length of `text` in UTF-8 bytes. */
export function utf8ByteLength(text: string): number {
  let bytes = text.length;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code < 0x80) continue;
    if (code < 0x800) bytes += 1;
    else {
      const low = text.charCodeAt(i + 1);
      const pair = code >= 0xd800 && code < 0xdc00 && low >= 0xdc00 && low < 0xe000;
      bytes += 2;
      if (pair) i++;
    }
  }
  return bytes;
}
