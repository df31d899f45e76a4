export { type FolderLock, FolderLockedError, folderOwner, lockFolder } from './folder-lock.ts';
export { identifyProcess, isAlive, type ProcessIdentity } from './process-identity.ts';
