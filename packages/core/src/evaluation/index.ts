export * from './client-part.ts';
export { instantOf } from './condition.ts';
export * from './definitions.ts';
export * from './evaluation.ts';
export * from './evaluator.ts';
export * from './open-feature.ts';
export { compilePattern, PatternError } from './pattern/compile-pattern.ts';
export * from './prepare.ts';
