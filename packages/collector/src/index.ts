export { LockedError } from './log/spool/folder-lock.ts';
export { createSpool, type Spool, type SpoolOptions } from './log/spool/spool.ts';
export { createSpoolReader, type SpoolReaderOptions } from './log/spool/spool-reader.ts';
