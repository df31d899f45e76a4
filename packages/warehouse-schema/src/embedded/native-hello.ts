/** What a native client says first, so far as a listener must know it to decide. */
export interface NativeHello {
  database: string;
  username: string;
  password: string;
}

const CLIENT_HELLO = 0;
const SERVER_EXCEPTION = 2;
const MAX_STRING_BYTES = 16 * 1024;

/**
 * Reads the Hello packet of ClickHouse's native protocol: `undefined` while bytes are still missing, `null` if it is
 * anything else.
 */
export function parseNativeHello(bytes: Buffer): NativeHello | null | undefined {
  let at = 0;
  const readNumber = (): number => {
    let value = 0;
    for (let shift = 0; shift < 35; shift += 7) {
      if (at >= bytes.length) throw new RangeError('short');
      const byte = bytes.readUInt8(at);
      at += 1;
      value += (byte & 0x7f) * 2 ** shift;
      if (byte < 0x80) return value;
    }
    throw new TypeError('no number');
  };
  const readString = (): string => {
    const length = readNumber();
    if (length > MAX_STRING_BYTES) throw new TypeError('too long');
    if (at + length > bytes.length) throw new RangeError('short');
    at += length;
    return bytes.toString('utf8', at - length, at);
  };
  try {
    if (readNumber() !== CLIENT_HELLO) return null;
    readString();
    for (let number = 0; number < 3; number += 1) readNumber();
    return { database: readString(), username: readString(), password: readString() };
  } catch (error) {
    return error instanceof RangeError ? undefined : null;
  }
}

/** An exception as the server would answer it. */
export function encodeNativeException(code: number, message: string): Buffer {
  const number = Buffer.alloc(4);
  number.writeInt32LE(code);
  const strings = ['DB::Exception', message, ''].map(encodeString);
  return Buffer.concat([Buffer.from([SERVER_EXCEPTION]), number, ...strings, Buffer.from([0])]);
}

function encodeString(text: string): Buffer {
  const body = Buffer.from(text);
  const length: number[] = [];
  for (let rest = body.length; ; rest = Math.floor(rest / 128)) {
    if (rest < 128) {
      length.push(rest);
      break;
    }
    length.push((rest % 128) | 0x80);
  }
  return Buffer.concat([Buffer.from(length), body]);
}
