export * from './seed.ts';
export * from './seeded-random.ts';
