export { antiFlicker } from './anti-flicker.ts';
