export { type WebVitalsClient, webVitals } from './web-vitals.ts';
