/** Where Millrace is and as whom the shop speaks to it; `npm run setup` writes them to .env.local. */
export interface Settings {
  host: string;
  /** For pages: may be seen by everyone. */
  writeKey: string;
  /** For the server alone: reads all definitions. */
  serverKey: string;
}

/** The settings of the environment. Throws an error that names the one that is missing. */
export function readSettings(): Settings {
  return {
    host: required('MILLRACE_HOST'),
    writeKey: required('MILLRACE_WRITE_KEY'),
    serverKey: required('MILLRACE_SERVER_KEY'),
  };
}

function required(name: string): string {
  const value = process.env[name];
  if (!value) throw new Error(`${name} is not set: start Millrace, then run "npm run setup" in this folder`);
  return value;
}
