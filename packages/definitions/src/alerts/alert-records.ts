/** Which alert is meant. */
export interface AlertPlace {
  projectId: number;
  /** Its name: small letters, digits, `-` and `_`. */
  alert: string;
}

/** `firing`: the condition held often enough. `unknown`: nothing is known yet, or could not be found out. */
export type AlertState = 'ok' | 'firing' | 'unknown';

/** What one look at the data said. */
export type AlertVerdict = 'breach' | 'fine' | 'unknown';

/** What a rule has come to. */
export interface AlertStatus {
  state: AlertState;
  since: Date;
  /** What was said last, and how many times in a row. */
  verdict: AlertVerdict;
  streak: number;
  value: number | null;
  /** In words, also why nothing could be found out. */
  summary: string;
  evaluatedAt: Date;
}

/** A rule as it is kept. What `rule` says is for whoever evaluates it. */
export interface StoredAlert extends AlertPlace {
  rule: object;
  webhookUrl: string | null;
  updatedAt: Date;
  status: AlertStatus | null;
}

/** A rule that is to be looked at now. */
export interface DueAlert extends StoredAlert {
  revision: number;
}

/** A new or changed rule. */
export interface NewAlert extends AlertPlace {
  rule: object;
  /** Null: nobody is told. Undefined: as it was. */
  webhookUrl?: string | null | undefined;
  /** Undefined: as it was, or made at random. */
  webhookSecret?: string | undefined;
}

/** What came of a look at the data. Times are Unix milliseconds. */
export interface AlertEvaluation extends AlertPlace {
  revision: number;
  status: Omit<AlertStatus, 'since' | 'evaluatedAt'>;
  now: number;
  nextAt: number;
  /** The state changes: to firing, or from it. */
  change?: 'firing' | 'resolved' | undefined;
  /** What is to be sent about the change; `began` is when the firing did, Unix milliseconds. */
  message?: ((firing: { began: number }) => { deliveryId: string; body: string }) | undefined;
}

/** A message that is to be sent now. */
export interface DueDelivery extends AlertPlace {
  deliveryId: string;
  body: string;
  attempts: number;
  createdAt: Date;
  /** Null where the alert, or its webhook, is gone. */
  webhookUrl: string | null;
  webhookSecret: string | null;
}

/** What became of an attempt to send a message. */
export interface DeliveryOutcome {
  deliveryId: string;
  status: number | null;
  error: string | null;
  /** `delivered`, `given_up`, or when it is tried again, Unix milliseconds. */
  next: 'delivered' | 'given_up' | number;
}

/** When an alert fired, and what was sent. */
export interface AlertHistory {
  firings: { began: Date; ended: Date | null; value: number | null; summary: string }[];
  deliveries: {
    id: string;
    kind: 'firing' | 'resolved';
    created: Date;
    attempts: number;
    delivered: Date | null;
    givenUp: Date | null;
    lastStatus: number | null;
    lastError: string | null;
  }[];
}
