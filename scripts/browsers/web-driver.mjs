/**
 * A browser that speaks the WebDriver protocol.
 * @typedef {object} WebDriverSession
 * @property {(method: string, path: string, body?: object) => Promise<any>} ask a command of the session; rejects with what the driver says is wrong
 * @property {() => Promise<void>} end
 */

/**
 * Starts a session at the driver at `url`.
 * @param {string} url
 * @param {object} capabilities
 * @returns {Promise<WebDriverSession>}
 */
export async function startWebDriverSession(url, capabilities) {
  const { sessionId } = await ask(`${url}/session`, 'POST', { capabilities: { alwaysMatch: capabilities } });
  const session = `${url}/session/${sessionId}`;
  return {
    ask: (method, path, body) => ask(`${session}${path}`, method, body),
    end: () => ask(session, 'DELETE').then(() => {}),
  };
}

/**
 * @param {string} url
 * @param {string} method
 * @param {object} [body]
 */
async function ask(url, method, body = {}) {
  const response = await fetch(url, {
    method,
    ...(method === 'POST' && {
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    }),
  });
  const { value } = /** @type {{value: any}} */ (await response.json());
  if (!response.ok) throw new Error(`${method} ${new URL(url).pathname}: ${value.error}: ${value.message}`);
  return value;
}
