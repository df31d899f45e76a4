import { randomBytes } from 'node:crypto';
import type { ClientBase } from 'pg';
import { DefinitionsError } from '../store/definitions-error.ts';
import type {
  AlertEvaluation,
  AlertHistory,
  AlertPlace,
  AlertStatus,
  DeliveryOutcome,
  DueAlert,
  DueDelivery,
  NewAlert,
  StoredAlert,
} from './alert-records.ts';
import { saveEvaluation } from './save-evaluation.ts';

/** Alert rules, what they have come to, and the messages about that, in PostgreSQL. */
export interface AlertStore {
  listAlerts(projectId: number): Promise<StoredAlert[]>;
  /** Throws `DefinitionsError` `unknown_alert`. */
  readAlert(place: AlertPlace): Promise<StoredAlert>;
  /**
   * Makes or changes a rule. What was found out under the rule before no longer counts; a firing of it has ended, without
   * a message. `secret` is the one that was made, where none was given and none was there: it is not given out again.
   * Throws `DefinitionsError` `unknown_project`, `invalid_field`.
   */
  putAlert(alert: NewAlert): Promise<{ alert: StoredAlert; secret?: string }>;
  /** Throws `DefinitionsError` `unknown_alert`. Messages that are not sent yet are given up. */
  deleteAlert(place: AlertPlace): Promise<void>;
  /** The newest 100 firings and messages. */
  alertHistory(place: AlertPlace): Promise<AlertHistory>;
  /** The address and the secret that a message would be sent with; null without a webhook. */
  webhookOf(place: AlertPlace): Promise<{ url: string; secret: string } | null>;
  /** Takes or keeps the lease for so long; false while another holder has it. */
  holdAlerts(holder: string, ms: number): Promise<boolean>;
  releaseAlerts(holder: string): Promise<void>;
  /** Rules whose time has come, the longest waiting first. */
  dueAlerts(limit: number): Promise<DueAlert[]>;
  /**
   * Saves what a look at the data said, with the change of state and its message, all or nothing. False, and nothing
   * saved, where the rule has changed meanwhile or the lease is another's.
   */
  saveEvaluation(holder: string, evaluation: AlertEvaluation): Promise<boolean>;
  /** Messages whose time has come, the oldest first. */
  dueDeliveries(limit: number): Promise<DueDelivery[]>;
  settleDelivery(outcome: DeliveryOutcome): Promise<void>;
}

export interface AlertStorePorts {
  rows<Row extends object>(text: string, values?: unknown[]): Promise<Row[]>;
  withClient<T>(use: (client: ClientBase) => Promise<T>): Promise<T>;
  /** Resolves once what was changed survives a power cut. */
  safe(): Promise<void>;
}

const NAME = /^[a-z0-9][a-z0-9_-]{0,63}$/;
const COLUMNS = `r.project_id AS "projectId", r.alert, r.rule, r.webhook_url AS "webhookUrl",
  r.updated_at AS "updatedAt", r.revision::float8 AS revision, s.state, s.since, s.verdict, s.streak, s.value, s.summary,
  s.evaluated_at AS "evaluatedAt"`;
const FROM = `FROM alert_rules r LEFT JOIN alert_states s
  ON s.project_id = r.project_id AND s.alert = r.alert AND s.revision = r.revision`;

type Row = Omit<DueAlert, 'status'> & { [field in keyof AlertStatus]: AlertStatus[field] | null };

/** Kept by the definitions' store. */
export function createAlertStore({ rows, withClient, safe }: AlertStorePorts): AlertStore {
  async function find(place: AlertPlace): Promise<DueAlert> {
    const [row] = await rows<Row>(`SELECT ${COLUMNS} ${FROM} WHERE r.project_id = $1 AND r.alert = $2`, [
      place.projectId,
      place.alert,
    ]);
    if (!row) throw new DefinitionsError('unknown_alert', `there is no alert ${JSON.stringify(place.alert)}`);
    return alertOf(row);
  }

  return {
    async listAlerts(projectId) {
      const found = await rows<Row>(`SELECT ${COLUMNS} ${FROM} WHERE r.project_id = $1 ORDER BY r.alert`, [
        projectId,
      ]);
      return found.map((row) => withoutRevision(alertOf(row)));
    },
    readAlert: async (place) => withoutRevision(await find(place)),

    async putAlert({ projectId, alert, rule, webhookUrl, webhookSecret }) {
      if (!NAME.test(alert)) {
        throw new DefinitionsError(
          'invalid_field',
          'alert: expected at most 64 small letters, digits, - and _, the first one a letter or a digit',
        );
      }
      const made = `whsec_${randomBytes(24).toString('base64')}`;
      const secret = await withClient(async (client) => {
        await client.query('BEGIN');
        try {
          const project = await client.query('SELECT FROM projects WHERE project_id = $1 FOR UPDATE', [
            projectId,
          ]);
          if (project.rowCount === 0)
            throw new DefinitionsError('unknown_project', `there is no project with the id ${projectId}`);
          const { rows: before } = await client.query<{ url: string | null; secret: string | null }>(
            `SELECT webhook_url AS url, webhook_secret AS secret FROM alert_rules WHERE project_id = $1 AND alert = $2`,
            [projectId, alert],
          );
          const url = webhookUrl === undefined ? (before[0]?.url ?? null) : webhookUrl;
          const kept = webhookSecret ?? before[0]?.secret ?? undefined;
          await client.query('DELETE FROM alert_rules WHERE project_id = $1 AND alert = $2', [
            projectId,
            alert,
          ]);
          await client.query(
            `INSERT INTO alert_rules (project_id, alert, rule, webhook_url, webhook_secret) VALUES ($1, $2, $3, $4, $5)`,
            [projectId, alert, JSON.stringify(rule), url, url === null ? null : (kept ?? made)],
          );
          await endFiring(client, { projectId, alert });
          await client.query('COMMIT');
          return url !== null && kept === undefined ? made : undefined;
        } catch (error) {
          await client.query('ROLLBACK');
          throw error;
        }
      });
      await safe();
      const stored = withoutRevision(await find({ projectId, alert }));
      return { alert: stored, ...(secret !== undefined && { secret }) };
    },

    async deleteAlert(place) {
      const gone = await withClient(async (client) => {
        await client.query('BEGIN');
        try {
          const values = [place.projectId, place.alert];
          const { rowCount } = await client.query(
            'DELETE FROM alert_rules WHERE project_id = $1 AND alert = $2',
            values,
          );
          await client.query('DELETE FROM alert_states WHERE project_id = $1 AND alert = $2', values);
          await client.query(
            `UPDATE alert_deliveries SET next_at = NULL, given_up_at = now(), last_error = 'the alert was deleted'
             WHERE project_id = $1 AND alert = $2 AND next_at IS NOT NULL`,
            values,
          );
          await endFiring(client, place);
          await client.query('COMMIT');
          return rowCount;
        } catch (error) {
          await client.query('ROLLBACK');
          throw error;
        }
      });
      if (gone === 0)
        throw new DefinitionsError('unknown_alert', `there is no alert ${JSON.stringify(place.alert)}`);
      await safe();
    },

    async alertHistory({ projectId, alert }) {
      const of = 'WHERE project_id = $1 AND alert = $2';
      const firings = await rows<AlertHistory['firings'][number]>(
        `SELECT began_at AS began, ended_at AS ended, value, summary FROM alert_firings ${of}
         ORDER BY began_at DESC, firing_id DESC LIMIT 100`,
        [projectId, alert],
      );
      const deliveries = await rows<AlertHistory['deliveries'][number]>(
        `SELECT delivery_id AS id, kind, created_at AS created, attempts, delivered_at AS delivered,
           given_up_at AS "givenUp", last_status AS "lastStatus", last_error AS "lastError"
         FROM alert_deliveries ${of} ORDER BY created_at DESC, delivery_id LIMIT 100`,
        [projectId, alert],
      );
      return { firings, deliveries };
    },

    async webhookOf({ projectId, alert }) {
      const [row] = await rows<{ url: string | null; secret: string | null }>(
        'SELECT webhook_url AS url, webhook_secret AS secret FROM alert_rules WHERE project_id = $1 AND alert = $2',
        [projectId, alert],
      );
      if (!row) throw new DefinitionsError('unknown_alert', `there is no alert ${JSON.stringify(alert)}`);
      return row.url === null || row.secret === null ? null : { url: row.url, secret: row.secret };
    },

    async holdAlerts(holder, ms) {
      const held = await rows(
        `UPDATE alert_lease SET holder = $1, until = clock_timestamp() + $2 * interval '1 millisecond'
         WHERE holder = $1 OR until < clock_timestamp() RETURNING 1`,
        [holder, ms],
      );
      return held.length > 0;
    },
    async releaseAlerts(holder) {
      await rows(`UPDATE alert_lease SET until = 'epoch' WHERE holder = $1`, [holder]);
    },

    async dueAlerts(limit) {
      const found = await rows<Row>(
        `SELECT ${COLUMNS} ${FROM} WHERE coalesce((r.rule->>'enabled')::boolean, true)
           AND (s.next_at IS NULL OR s.next_at <= clock_timestamp())
         ORDER BY s.next_at NULLS FIRST, r.project_id, r.alert LIMIT $1`,
        [limit],
      );
      return found.map(alertOf);
    },
    saveEvaluation: (holder, evaluation) =>
      withClient((client) => saveEvaluation(client, holder, evaluation)),

    dueDeliveries: (limit) =>
      rows<DueDelivery>(
        `SELECT d.delivery_id AS "deliveryId", d.project_id AS "projectId", d.alert, d.body, d.attempts,
           d.created_at AS "createdAt", r.webhook_url AS "webhookUrl", r.webhook_secret AS "webhookSecret"
         FROM alert_deliveries d LEFT JOIN alert_rules r USING (project_id, alert)
         WHERE d.next_at <= clock_timestamp() ORDER BY d.created_at, d.delivery_id LIMIT $1`,
        [limit],
      ),
    async settleDelivery({ deliveryId, status, error, next }) {
      await rows(
        `UPDATE alert_deliveries SET attempts = attempts + 1, last_status = $2, last_error = $3,
           next_at = to_timestamp($4::float8 / 1000),
           delivered_at = CASE WHEN $5 = 'delivered' THEN now() END,
           given_up_at = CASE WHEN $5 = 'given_up' THEN now() END
         WHERE delivery_id = $1`,
        [deliveryId, status, error, typeof next === 'number' ? next : null, String(next)],
      );
    },
  };
}

/** What a rule fired under another form has ended, since nobody looks for its end any more. */
async function endFiring(client: ClientBase, { projectId, alert }: AlertPlace): Promise<void> {
  await client.query(
    'UPDATE alert_firings SET ended_at = now() WHERE project_id = $1 AND alert = $2 AND ended_at IS NULL',
    [projectId, alert],
  );
}

function alertOf(row: Row): DueAlert {
  const { state, since, verdict, streak, value, summary, evaluatedAt, ...alert } = row;
  const known = state && since && verdict && streak !== null && summary !== null && evaluatedAt;
  return { ...alert, status: known ? { state, since, verdict, streak, value, summary, evaluatedAt } : null };
}

function withoutRevision({ revision: _, ...alert }: DueAlert): StoredAlert {
  return alert;
}
