export { type ClickIdsEvent, clickIds } from './click-ids.ts';
