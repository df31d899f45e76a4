import { describe, expect, it } from 'vitest';
import { createFixture } from '../testing/collector-fixture.ts';

describe('health', () => {
  it('is live and ready while the log can be written', async () => {
    const { app } = createFixture();
    expect((await app.request('/livez')).status).toBe(200);
    const ready = await app.request('/readyz');
    expect(ready.status).toBe(200);
    expect(await ready.json()).toEqual({ status: 'ready' });
  });

  it('is live but not ready while the log cannot be written, and says why', async () => {
    const { app, log } = createFixture();
    log.currentStatus = { ...log.currentStatus, writable: false, reason: 'the disk is full' };
    expect((await app.request('/livez')).status).toBe(200);
    const ready = await app.request('/readyz');
    expect(ready.status).toBe(503);
    expect(ready.headers.get('retry-after')).toBe('1');
    expect(await ready.json()).toEqual({ status: 'not_ready', reason: 'the disk is full' });
  });

  it('is not ready while the server shuts down', async () => {
    const { app } = createFixture({ notReady: () => 'shutting down' });
    expect(await (await app.request('/readyz')).json()).toEqual({
      status: 'not_ready',
      reason: 'shutting down',
    });
  });
});
