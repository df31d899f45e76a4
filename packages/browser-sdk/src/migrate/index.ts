export { type AdoptedIds, adoptIds, type IdSource } from './adopt-ids.ts';
