import { nodeDisk, type SpoolDisk } from '../spool-disk.ts';

type Call = 'create' | 'write' | 'sync' | 'folder';

/** For tests: the real disk with faults on demand, and a list of what was asked of it. */
export function createFaultyDisk() {
  const calls: Call[] = [];
  let faults: { call: Call; skip: number; times: number; code: string }[] = [];
  let shortBytes = 0;
  let freeBytes: number | undefined;
  let gate:
    | { open: Promise<void>; release: () => void; reached: () => void; held: Promise<void> }
    | undefined;

  function pass(call: Call): void {
    calls.push(call);
    for (const fault of faults) {
      if (fault.call !== call || fault.times === 0) continue;
      if (fault.skip > 0) fault.skip--;
      else {
        fault.times--;
        throw Object.assign(new Error(`${fault.code}: injected`), { code: fault.code });
      }
    }
  }

  const disk: SpoolDisk = {
    ...nodeDisk,
    async create(path) {
      pass('create');
      return nodeDisk.create(path);
    },
    async write(fd, buffers, position) {
      pass('write');
      if (shortBytes === 0) return nodeDisk.write(fd, buffers, position);
      return nodeDisk.write(fd, [Buffer.concat(buffers).subarray(0, shortBytes)], position);
    },
    async sync(fd) {
      pass('sync');
      gate?.reached();
      await gate?.open;
      await nodeDisk.sync(fd);
    },
    async syncFolder(path) {
      pass('folder');
      await nodeDisk.syncFolder(path);
    },
    freeBytes: async (path) => freeBytes ?? nodeDisk.freeBytes(path),
  };

  return {
    ...disk,
    calls,
    count: (call: Call) => calls.filter((made) => made === call).length,
    failNext: (call: Call, code: string) => faults.push({ call, skip: 0, times: 1, code }),
    failAfter: (call: Call, skip: number, code: string) => faults.push({ call, skip, times: 1, code }),
    failAlways: (call: Call, code: string) =>
      faults.push({ call, skip: 0, times: Number.POSITIVE_INFINITY, code }),
    /** Writes take at most this many bytes each; 0 for all. */
    shortWrites: (bytes: number) => {
      shortBytes = bytes;
    },
    setFreeBytes: (bytes: number) => {
      freeBytes = bytes;
    },
    heal: () => {
      faults = [];
    },
    /** Syncs do not return until `releaseSyncs`; `syncHeld` resolves when one waits. */
    holdSyncs: () => {
      const opening = withResolvers();
      const holding = withResolvers();
      gate = {
        open: opening.promise,
        release: opening.resolve,
        held: holding.promise,
        reached: holding.resolve,
      };
    },
    syncHeld: async () => gate?.held,
    releaseSyncs: () => {
      gate?.release();
      gate = undefined;
    },
  };
}

function withResolvers(): { promise: Promise<void>; resolve: () => void } {
  let resolve = () => {};
  const promise = new Promise<void>((done) => {
    resolve = done;
  });
  return { promise, resolve };
}
