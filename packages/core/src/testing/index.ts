export * from './fake-clock.ts';
export * from './pending-event.ts';
export * from './seed.ts';
export * from './seeded-random.ts';
