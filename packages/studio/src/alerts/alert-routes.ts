import { type Context, Hono } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import { answerFailure } from '../definitions/definitions-failure.ts';
import { errorResponse } from '../error-response.ts';
import { alertRuleSchema } from './alert-rule.ts';
import type { AlertPlace } from './alerts-admin.ts';
import { type AlertAccess, putAlert, testAlert } from './change-alert.ts';
import { showAlert } from './read-alert.ts';

export interface AlertRoutesOptions extends AlertAccess {
  projectId: number;
}

const MAX_RULE_BYTES = 256 * 1024;

/**
 * `GET /api/alerts` (all, with their states), `GET`, `PUT` and `DELETE /api/alerts/<name>`, `GET .../history`,
 * `POST .../test` (looks at the data and sends a message now, once; changes no state), `GET /api/alerts-schema`. A rule is
 * tried when it is put: what its question has wrong is refused with the field.
 */
export function alertRoutes(options: AlertRoutesOptions): Hono {
  const { alerts, projectId } = options;
  const app = new Hono();
  const limit = bodyLimit({
    maxSize: MAX_RULE_BYTES,
    onError: (c) => errorResponse(c, 413, 'rule_too_large', `A rule has at most ${MAX_RULE_BYTES} bytes.`),
  });
  app.onError((error, c) => answerFailure(c, error));
  app.use('/api/alerts/*', async (c, next) => {
    c.header('Cache-Control', 'no-store');
    await next();
  });
  const placeOf = (c: Context): AlertPlace => ({ projectId, alert: c.req.param('alert') ?? '' });

  app.get('/api/alerts-schema', (c) => c.json(alertRuleSchema));
  app.get('/api/alerts', async (c) =>
    c.json({ alerts: (await alerts.listAlerts(projectId)).map(showAlert) }),
  );
  app.get('/api/alerts/:alert', async (c) => c.json(showAlert(await alerts.readAlert(placeOf(c)))));
  app.get('/api/alerts/:alert/history', async (c) => {
    await alerts.readAlert(placeOf(c));
    return c.json(await alerts.alertHistory(placeOf(c)));
  });

  app.put('/api/alerts/:alert', limit, async (c) => {
    const put = await putAlert(options, placeOf(c), await c.req.text(), c.req.raw.signal);
    return c.json({ success: true, ...put });
  });

  app.delete('/api/alerts/:alert', async (c) => {
    await alerts.deleteAlert(placeOf(c));
    return c.json({ success: true });
  });

  app.post('/api/alerts/:alert/test', async (c) => {
    const { finding, delivery } = await testAlert(options, placeOf(c), c.req.raw.signal);
    return c.json({ success: delivery?.delivered ?? true, finding, delivery });
  });
  return app;
}
