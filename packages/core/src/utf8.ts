/**
 * Calls `visit` with every byte of `text` from the index `start` in UTF-8, as TextEncoder would give them: a lone surrogate becomes
 * U+FFFD. Written out because TextEncoder is a platform's, and because hashing needs no buffer.
 */
export function forEachUtf8Byte(text: string, visit: (byte: number) => void, start = 0): void {
  for (let i = start; i < text.length; i++) {
    let code = text.codePointAt(i) as number;
    if (code < 0x80) {
      visit(code);
      continue;
    }
    if (code < 0x800) {
      visit(0xc0 | (code >> 6));
    } else {
      if (code < 0x10000) {
        if (code >= 0xd800 && code < 0xe000) code = 0xfffd;
        visit(0xe0 | (code >> 12));
      } else {
        i++;
        visit(0xf0 | (code >> 18));
        visit(0x80 | ((code >> 12) & 63));
      }
      visit(0x80 | ((code >> 6) & 63));
    }
    visit(0x80 | (code & 63));
  }
}
