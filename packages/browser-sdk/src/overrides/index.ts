export { addressOverrides } from './address-overrides.ts';
