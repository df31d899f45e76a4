/** This platform has no embedded ClickHouse; the message says what to do instead. */
export class EmbeddedUnavailableError extends Error {
  override readonly name = 'EmbeddedUnavailableError' as const;
  readonly code = 'embedded_unavailable' as const;
}

/** The embedded ClickHouse did not come up; the message carries the end of what it wrote. */
export class EmbeddedStartError extends Error {
  override readonly name = 'EmbeddedStartError' as const;
  readonly code: 'data_dir_in_use' | 'port_in_use' | 'start_failed' | 'start_timeout';

  constructor(code: EmbeddedStartError['code'], message: string) {
    super(message);
    this.code = code;
  }
}
