export { compareByRule as rules } from '@millrace/core/evaluation';
