export { createProvider, type ProviderClient, type ProviderOptions } from './provider.ts';
