export * from './definitions.ts';
export * from './evaluation.ts';
export * from './evaluator.ts';
export * from './prepare.ts';
