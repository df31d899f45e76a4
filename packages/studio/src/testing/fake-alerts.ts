import type { AlertsAdmin, StoredAlert } from '../alerts/alerts-admin.ts';

/** For tests: alerts in memory, which nobody evaluates. */
export function fakeAlerts(): AlertsAdmin {
  const alerts = new Map<string, StoredAlert & { secret: string | null }>();
  const find = (alert: string) => {
    const found = alerts.get(alert);
    if (!found) throw Object.assign(new Error(`there is no alert ${alert}`), { code: 'unknown_alert' });
    return found;
  };
  return {
    listAlerts: async () => [...alerts.values()],
    readAlert: async ({ alert }) => find(alert),
    async putAlert({ projectId, alert, rule, webhookUrl, webhookSecret }) {
      const before = alerts.get(alert);
      const url = webhookUrl === undefined ? (before?.webhookUrl ?? null) : webhookUrl;
      const kept = webhookSecret ?? before?.secret ?? null;
      const made = url !== null && kept === null ? 'whsec_made' : undefined;
      const stored = { projectId, alert, rule, webhookUrl: url, updatedAt: new Date(0), status: null };
      alerts.set(alert, { ...stored, secret: kept ?? made ?? null });
      return { alert: stored, ...(made !== undefined && { secret: made }) };
    },
    async deleteAlert({ alert }) {
      find(alert);
      alerts.delete(alert);
    },
    alertHistory: async () => ({ firings: [], deliveries: [] }),
    async webhookOf({ alert }) {
      const { webhookUrl: url, secret } = find(alert);
      return url === null || secret === null ? null : { url, secret };
    },
  };
}
