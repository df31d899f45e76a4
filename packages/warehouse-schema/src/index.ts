export type { EventRow, RejectedRow, RejectReason, RowPosition } from './rows.ts';
