export { createProvider, type ProviderClient } from './provider.ts';
