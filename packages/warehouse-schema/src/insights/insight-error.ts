/** Why a question was not answered. `invalid_question` names the field; the others are the warehouse's. */
export type InsightErrorCode =
  | 'invalid_question'
  | 'unknown_insight'
  | 'too_slow'
  | 'out_of_memory'
  | 'cancelled'
  | 'insight_failed'
  | 'warehouse_unavailable';

const STATUS: Record<InsightErrorCode, number> = {
  invalid_question: 400,
  unknown_insight: 404,
  too_slow: 408,
  out_of_memory: 413,
  cancelled: 499,
  insight_failed: 500,
  warehouse_unavailable: 503,
};

/** A question was refused, or its query failed or ran over its limits. The message is for the person who asked. */
export class InsightError extends Error {
  override readonly name = 'InsightError' as const;
  readonly code: InsightErrorCode;
  /** The HTTP status that fits. */
  readonly status: number;
  /** The field at fault as a JSON pointer into the question, such as `/steps/0/where/1/property`. */
  readonly field: string | undefined;

  constructor(code: InsightErrorCode, message: string, field?: string) {
    super(message);
    this.code = code;
    this.status = STATUS[code];
    this.field = field;
  }
}

/** The error for a field that does not make sense. */
export function invalid(field: string, message: string): InsightError {
  return new InsightError('invalid_question', `${field === '' ? 'The question' : field}: ${message}`, field);
}
