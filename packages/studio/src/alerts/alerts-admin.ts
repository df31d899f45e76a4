import type { RuleState } from './next-state.ts';

export interface AlertPlace {
  projectId: number;
  alert: string;
}

interface AlertStatus extends RuleState {
  since: Date;
  value: number | null;
  summary: string;
  evaluatedAt: Date;
}

/** A rule as the definitions keep it. */
export interface StoredAlert extends AlertPlace {
  rule: object;
  webhookUrl: string | null;
  updatedAt: Date;
  status: AlertStatus | null;
}

/** A rule whose time has come. */
export interface DueAlert extends StoredAlert {
  revision: number;
}

/** A message whose time has come; without address and secret where the alert or its webhook is gone. */
export interface DueDelivery extends AlertPlace {
  deliveryId: string;
  body: string;
  attempts: number;
  createdAt: Date;
  webhookUrl: string | null;
  webhookSecret: string | null;
}

/** The alerts, as people look at them and change them: the definitions' store. */
export interface AlertsAdmin {
  listAlerts(projectId: number): Promise<StoredAlert[]>;
  readAlert(place: AlertPlace): Promise<StoredAlert>;
  putAlert(
    alert: AlertPlace & {
      rule: object;
      webhookUrl?: string | null | undefined;
      webhookSecret?: string | undefined;
    },
  ): Promise<{ alert: StoredAlert; secret?: string }>;
  deleteAlert(place: AlertPlace): Promise<void>;
  alertHistory(place: AlertPlace): Promise<{ firings: object[]; deliveries: object[] }>;
  webhookOf(place: AlertPlace): Promise<{ url: string; secret: string } | null>;
}

/** The alerts, as whoever evaluates them needs them: the definitions' store. */
export interface AlertsQueue {
  holdAlerts(holder: string, ms: number): Promise<boolean>;
  releaseAlerts(holder: string): Promise<void>;
  dueAlerts(limit: number): Promise<DueAlert[]>;
  saveEvaluation(
    holder: string,
    evaluation: AlertPlace & {
      revision: number;
      status: RuleState & { value: number | null; summary: string };
      now: number;
      nextAt: number;
      change?: 'firing' | 'resolved' | undefined;
      message?: ((firing: { began: number }) => { deliveryId: string; body: string }) | undefined;
    },
  ): Promise<boolean>;
  dueDeliveries(limit: number): Promise<DueDelivery[]>;
  settleDelivery(outcome: {
    deliveryId: string;
    status: number | null;
    error: string | null;
    next: 'delivered' | 'given_up' | number;
  }): Promise<void>;
}
