export * from './event.ts';
export * from './limits.ts';
