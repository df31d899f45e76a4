export { instantOf } from './condition.ts';
export * from './definitions.ts';
export * from './evaluation.ts';
export * from './evaluator.ts';
export { compilePattern, PatternError } from './pattern/compile-pattern.ts';
export * from './prepare.ts';
