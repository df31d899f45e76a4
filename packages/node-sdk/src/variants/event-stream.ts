const MAX_BUFFER = 64 * 1024;

/**
 * Reads server-sent events out of the pieces of a response: the data of every event of that name
 * (html.spec.whatwg.org, "Server-sent events"). A line that never ends is given up.
 */
export function createEventStreamReader(
  name: string,
  onData: (data: string) => void,
): (text: string) => void {
  let buffer = '';
  let event = '';
  let data: string[] = [];
  const readLine = (line: string): void => {
    if (line === '') {
      if (event === name && data.length > 0) onData(data.join('\n'));
      event = '';
      data = [];
      return;
    }
    const [, field, value = ''] = /^([^:]*):? ?(.*)$/.exec(line) ?? [];
    if (field === 'event') event = value;
    if (field === 'data') data.push(value);
  };
  return (text) => {
    buffer += text;
    // A line that ends with a return alone waits for what follows, which may be its newline.
    const lines = buffer.split(/\r\n|\n|\r(?=[^\n])/);
    buffer = lines.pop() ?? '';
    for (const line of lines) readLine(line);
    if (buffer.length > MAX_BUFFER) buffer = '';
  };
}
