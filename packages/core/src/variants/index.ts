export * from './bootstrap.ts';
export * from './create-variants.ts';
export * from './exposure.ts';
export * from './flag-types.ts';
export * from './overrides.ts';
export * from './sticky.ts';
export * from './units.ts';
export * from './variants.ts';
