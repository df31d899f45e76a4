import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { AlertEvaluation, DueAlert } from '../alerts/alert-records.ts';
import { createDefinitionsStore, type DefinitionsStore } from '../store/definitions-store.ts';
import type { TestDatabase } from './describe-store.ts';

const RULE = { condition: { kind: 'freshness', minutes: 5 } };
const LONG_MS = 600_000;

/** For tests: what the store promises of alerts over any PostgreSQL; `open` gives an empty one. */
export function describeAlerts(name: string, open: () => Promise<TestDatabase>): void {
  describe(`alerts over ${name}`, () => {
    let database: TestDatabase;
    let store: DefinitionsStore;
    let projectId: number;
    const place = (alert = 'quiet') => ({ projectId, alert });

    beforeEach(async () => {
      database = await open();
      store = createDefinitionsStore(database);
      await store.migrate();
      ({ projectId } = await store.ensureProject('shop'));
    });
    afterEach(async () => {
      await store.close();
      await database.close();
    });

    const put = (webhookUrl?: string | null, rule: object = RULE) =>
      store.alerts.putAlert({ ...place(), rule, webhookUrl });
    const due = async (): Promise<DueAlert> => {
      const [found] = await store.alerts.dueAlerts(10);
      if (!found) throw new Error('no alert is due');
      return found;
    };
    const fired = (of: DueAlert, change?: 'firing' | 'resolved', nextAt = 0): AlertEvaluation => ({
      ...place(of.alert),
      revision: of.revision,
      status: {
        state: change === 'firing' ? 'firing' : 'ok',
        verdict: 'breach',
        streak: 1,
        value: 7,
        summary: 'seven',
      },
      now: Date.now(),
      nextAt,
      change,
      message: ({ began }) => ({ deliveryId: `${change} ${of.revision}`, body: String(began) }),
    });

    it('keeps a rule with its webhook, makes the secret once, and keeps both where they are not given', async () => {
      expect((await put('https://a.example/x')).secret).toMatch(/^whsec_[A-Za-z0-9+/]{32}$/);
      const before = await store.alerts.webhookOf(place());
      expect((await put(undefined, { ...RULE, for: 2 })).secret).toBeUndefined();
      expect(await store.alerts.webhookOf(place())).toEqual(before);
      expect(await store.alerts.readAlert(place())).toMatchObject({ rule: { for: 2 }, status: null });
      await store.alerts.putAlert({ ...place(), rule: RULE, webhookSecret: 'whsec_own' });
      expect((await store.alerts.webhookOf(place()))?.secret).toBe('whsec_own');
      await put(null);
      expect(await store.alerts.webhookOf(place())).toBeNull();
      expect(await store.alerts.listAlerts(projectId)).toHaveLength(1);
      await store.alerts.deleteAlert(place());
      for (const call of [store.alerts.deleteAlert, store.alerts.readAlert, store.alerts.webhookOf])
        await expect(call(place())).rejects.toMatchObject({ code: 'unknown_alert' });
      await expect(store.alerts.putAlert({ ...place('Wrong Name'), rule: RULE })).rejects.toMatchObject({
        code: 'invalid_field',
      });
    });

    it('gives the lease to one at a time, and to the next once it is over or given back', async () => {
      const { holdAlerts, releaseAlerts } = store.alerts;
      const held = await Promise.all(['a', 'b', 'c'].map((holder) => holdAlerts(holder, LONG_MS)));
      expect(held.filter(Boolean)).toHaveLength(1);
      const holder = ['a', 'b', 'c'][held.indexOf(true)] ?? '';
      expect(await holdAlerts(holder, -1)).toBe(true);
      expect(await holdAlerts('d', LONG_MS)).toBe(true);
      expect(await holdAlerts(holder, LONG_MS)).toBe(false);
      await releaseAlerts(holder);
      expect(await holdAlerts('e', LONG_MS)).toBe(false);
      await releaseAlerts('d');
      expect(await holdAlerts('e', LONG_MS)).toBe(true);
    });

    it('saves a change of state with its message and its firing, or nothing of it', async () => {
      await put('https://a.example/x');
      const { alerts } = store;
      const first = await due();
      expect(await alerts.saveEvaluation('zombie', fired(first, 'firing'))).toBe(false);
      await alerts.holdAlerts('me', LONG_MS);
      expect(await alerts.saveEvaluation('me', { ...fired(first, 'firing'), revision: 0 })).toBe(false);
      const broken = { ...fired(first, 'firing'), message: () => ({ deliveryId: 'x', body: null as never }) };
      await expect(alerts.saveEvaluation('me', broken)).rejects.toThrow();
      expect(await alerts.alertHistory(place())).toEqual({ firings: [], deliveries: [] });
      expect((await due()).status).toBeNull();

      expect(await alerts.saveEvaluation('me', fired(first, 'firing'))).toBe(true);
      expect((await due()).status).toMatchObject({ state: 'firing', value: 7, summary: 'seven' });
      expect(await alerts.saveEvaluation('me', fired(first, 'resolved', Date.now() + LONG_MS))).toBe(true);
      expect(await alerts.dueAlerts(10)).toEqual([]);
      const { firings, deliveries } = await alerts.alertHistory(place());
      expect(firings).toMatchObject([{ began: expect.any(Date), ended: expect.any(Date), value: 7 }]);
      expect(deliveries.map(({ kind }) => kind).sort()).toEqual(['firing', 'resolved']);
      const messages = await alerts.dueDeliveries(10);
      expect(messages.map(({ body }) => body)).toEqual(Array(2).fill(String(firings[0]?.began.getTime())));
    });

    it('sends what is due until it is settled, and nothing of an alert that is gone', async () => {
      await put('https://a.example/x');
      const { alerts } = store;
      await alerts.holdAlerts('me', LONG_MS);
      const of = await due();
      await alerts.saveEvaluation('me', fired(of, 'firing'));
      await alerts.saveEvaluation('me', fired(of, 'resolved'));
      const [one, other] = await alerts.dueDeliveries(10);
      expect(one).toMatchObject({ webhookUrl: 'https://a.example/x', attempts: 0 });
      const settle = (deliveryId: string, next: 'delivered' | 'given_up' | number) =>
        alerts.settleDelivery({ deliveryId, status: 500, error: 'answered 500', next });
      await settle(one?.deliveryId ?? '', Date.now() - 1);
      expect(await alerts.dueDeliveries(10)).toMatchObject([{ attempts: 1 }, { attempts: 0 }]);
      await settle(one?.deliveryId ?? '', 'delivered');
      expect(await alerts.dueDeliveries(10)).toEqual([other]);
      await settle(other?.deliveryId ?? '', Date.now() + LONG_MS);
      expect(await alerts.dueDeliveries(10)).toEqual([]);
      await alerts.deleteAlert(place());
      const { deliveries, firings } = await alerts.alertHistory(place());
      expect(
        deliveries.map(({ delivered, givenUp }) => [delivered !== null, givenUp !== null]).sort(),
      ).toEqual([
        [false, true],
        [true, false],
      ]);
      expect(firings).toMatchObject([{ ended: expect.any(Date) }]);
    });

    it('ends what fired when the rule changes, and looks at it anew', async () => {
      await put('https://a.example/x');
      await store.alerts.holdAlerts('me', LONG_MS);
      const before = await due();
      await store.alerts.saveEvaluation('me', fired(before, 'firing', Date.now() + LONG_MS));
      await put(undefined, { ...RULE, for: 2 });
      expect(await store.alerts.saveEvaluation('me', fired(before))).toBe(false);
      expect((await due()).status).toBeNull();
      expect((await store.alerts.alertHistory(place())).firings).toMatchObject([{ ended: expect.any(Date) }]);
      await put(undefined, { ...RULE, enabled: false });
      expect(await store.alerts.dueAlerts(10)).toEqual([]);
    });
  });
}
