import type { ClientBase } from 'pg';
import type { AlertEvaluation } from './alert-records.ts';

/** How long what was is kept, in days. */
const KEPT_DAYS = 90;

/** Saves an evaluation, with the change of state and its message, unless it is no longer the holder's to save. */
export async function saveEvaluation(
  client: ClientBase,
  holder: string,
  evaluation: AlertEvaluation,
): Promise<boolean> {
  const { projectId, alert, revision, status, now, nextAt, change, message } = evaluation;
  await client.query('BEGIN');
  try {
    // Held to the commit: whoever takes the lease over sees what was saved under it.
    const lease = await client.query(
      'SELECT FROM alert_lease WHERE holder = $1 AND until > clock_timestamp() FOR UPDATE',
      [holder],
    );
    const rule = await client.query(
      'SELECT FROM alert_rules WHERE project_id = $1 AND alert = $2 AND revision = $3 FOR UPDATE',
      [projectId, alert, revision],
    );
    if (lease.rowCount === 0 || rule.rowCount === 0) {
      await client.query('ROLLBACK');
      return false;
    }
    const at = new Date(now);
    await client.query(
      `INSERT INTO alert_states AS s (project_id, alert, revision, state, since, verdict, streak, value, summary,
         evaluated_at, next_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $5, $10)
       ON CONFLICT (project_id, alert) DO UPDATE SET revision = $3, state = $4,
         since = CASE WHEN s.state = $4 AND s.revision = $3 THEN s.since ELSE $5 END,
         verdict = $6, streak = $7, value = $8, summary = $9, evaluated_at = $5, next_at = $10`,
      [
        projectId,
        alert,
        revision,
        status.state,
        at,
        status.verdict,
        status.streak,
        status.value,
        status.summary,
        new Date(nextAt),
      ],
    );
    if (change) {
      const began = await changeFiring(client, evaluation, at);
      const sent = message?.({ began });
      if (sent) {
        await client.query(
          `INSERT INTO alert_deliveries (delivery_id, project_id, alert, kind, body) VALUES ($1, $2, $3, $4, $5)`,
          [sent.deliveryId, projectId, alert, change, sent.body],
        );
      }
      await forget(client);
    }
    await client.query('COMMIT');
    return true;
  } catch (error) {
    await client.query('ROLLBACK');
    throw error;
  }
}

/** When the firing began, Unix milliseconds. */
async function changeFiring(
  client: ClientBase,
  { projectId, alert, change, status }: AlertEvaluation,
  at: Date,
): Promise<number> {
  if (change === 'firing') {
    await client.query(
      'INSERT INTO alert_firings (project_id, alert, began_at, value, summary) VALUES ($1, $2, $3, $4, $5)',
      [projectId, alert, at, status.value, status.summary],
    );
    return at.getTime();
  }
  const { rows } = await client.query<{ began: Date }>(
    `UPDATE alert_firings SET ended_at = $3 WHERE project_id = $1 AND alert = $2 AND ended_at IS NULL
     RETURNING began_at AS began`,
    [projectId, alert, at],
  );
  return (rows[0]?.began ?? at).getTime();
}

async function forget(client: ClientBase): Promise<void> {
  await client.query(`DELETE FROM alert_firings WHERE ended_at < now() - $1 * interval '1 day'`, [KEPT_DAYS]);
  await client.query(
    `DELETE FROM alert_deliveries WHERE next_at IS NULL AND created_at < now() - $1 * interval '1 day'`,
    [KEPT_DAYS],
  );
}
