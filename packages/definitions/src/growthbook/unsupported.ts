/** Something of GrowthBook that has no equivalent; `path` is where it stands in the payload. */
export class Unsupported extends Error {
  override readonly name = 'Unsupported' as const;
  readonly path: string;

  constructor(path: string, message: string) {
    super(message);
    this.path = path;
  }
}
