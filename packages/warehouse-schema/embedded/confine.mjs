// What ClickHouse in its local form lacks: `SELECT file('/any/path')` needs no right there. So on Linux the process gives
// up, before ClickHouse runs, the whole file system but for what it needs (Landlock; no privilege is wanted for it).
import { closeSync, openSync, statSync } from 'node:fs';
import { DataType, load } from 'ffi-rs';

const CREATE_RULESET = 444;
const ADD_RULE = 445;
const RESTRICT_SELF = 446;
const RULE_PATH_BENEATH = 1;
const PR_SET_NO_NEW_PRIVS = 38;

const EXECUTE = 1n << 0n;
const WRITE_FILE = 1n << 1n;
const READ_FILE = 1n << 2n;
const READ_DIR = 1n << 3n;
const TRUNCATE = 1n << 14n;
const ALL = (1n << 15n) - 1n;
const OF_FILES = EXECUTE | WRITE_FILE | READ_FILE | TRUNCATE;

const READ = READ_FILE | READ_DIR;
/** Devices, name resolution, time zones, certificates, and what the C library loads for them. */
const SYSTEM = [
  ['/proc', READ],
  ['/sys', READ],
  ['/dev/null', READ_FILE | WRITE_FILE],
  ['/dev/zero', READ_FILE],
  ['/dev/random', READ_FILE],
  ['/dev/urandom', READ_FILE],
  ['/etc/hosts', READ],
  ['/etc/host.conf', READ],
  ['/etc/resolv.conf', READ],
  ['/etc/nsswitch.conf', READ],
  ['/etc/gai.conf', READ],
  ['/etc/localtime', READ],
  ['/etc/ld.so.cache', READ],
  ['/etc/ssl', READ],
  ['/etc/pki', READ],
  ['/usr/share/zoneinfo', READ],
  ['/usr/share/ca-certificates', READ],
  ['/lib', READ | EXECUTE],
  ['/lib64', READ | EXECUTE],
  ['/usr/lib', READ | EXECUTE],
  ['/usr/lib64', READ | EXECUTE],
];

/**
 * From here on this thread, and every thread it starts, reaches only the three folders and the list above; of the logs'
 * folder it can write the files, but not read them.
 * Returns false where the kernel cannot do it (before 5.19, or switched off): nothing is taken away then.
 */
export function confine({ dataDir, logDir, libraryDir }) {
  // Versions before 2 forbid links between folders, which ClickHouse makes.
  if (syscall(CREATE_RULESET, null, 0n, 1n) < 2) return false;
  const handled = syscall(CREATE_RULESET, null, 0n, 1n) < 3 ? ALL & ~TRUNCATE : ALL;
  const attributes = Buffer.alloc(8);
  attributes.writeBigUInt64LE(handled);
  const ruleset = syscall(CREATE_RULESET, attributes, 8n, 0n);
  if (ruleset < 0) return false;
  allow(ruleset, dataDir, handled & ~EXECUTE);
  allow(ruleset, logDir, handled & ~EXECUTE & ~READ_FILE);
  allow(ruleset, libraryDir, READ | EXECUTE);
  for (const [path, access] of SYSTEM) allow(ruleset, path, access);
  prctl(PR_SET_NO_NEW_PRIVS, 1);
  dropCapabilities();
  const done = syscall(RESTRICT_SELF, ruleset, 0n) === 0;
  closeSync(ruleset);
  return done;
}

/** Calls `prctl` of the C library. */
export function prctl(option, value) {
  return load({
    library: 'libc',
    funcName: 'prctl',
    retType: DataType.I32,
    paramsType: [DataType.I32, DataType.BigInt, DataType.BigInt, DataType.BigInt, DataType.BigInt],
    paramsValue: [option, BigInt(value), 0n, 0n, 0n],
  });
}

/** As root one may read what /proc tells of other processes, their environment too; without capabilities one may not. */
function dropCapabilities() {
  if (process.getuid() !== 0) return;
  // Of all, only those to reach files of another owner (CHOWN, DAC_OVERRIDE, DAC_READ_SEARCH, FOWNER).
  if (capset(0b1111) !== 0) capset(0);
}

function capset(kept) {
  const header = Buffer.alloc(8);
  header.writeUInt32LE(0x20080522);
  const sets = Buffer.alloc(24);
  sets.writeUInt32LE(kept, 0);
  sets.writeUInt32LE(kept, 4);
  return load({
    library: 'libc',
    funcName: 'capset',
    retType: DataType.I32,
    paramsType: [DataType.U8Array, DataType.U8Array],
    paramsValue: [header, sets],
  });
}

function allow(ruleset, path, access) {
  let folder;
  try {
    const isFolder = statSync(path).isDirectory();
    folder = openSync(path, 'r');
    const rule = Buffer.alloc(12);
    rule.writeBigUInt64LE(isFolder ? access : access & OF_FILES);
    rule.writeInt32LE(folder, 8);
    syscall(ADD_RULE, ruleset, BigInt(RULE_PATH_BENEATH), rule, 0n);
  } catch {
    // Not every system has every one of them.
  } finally {
    if (folder !== undefined) closeSync(folder);
  }
}

function syscall(number, ...args) {
  const values = args.map((arg) => (arg === null ? 0n : arg));
  return load({
    library: 'libc',
    funcName: 'syscall',
    retType: DataType.I32,
    paramsType: [DataType.BigInt, ...values.map((value) => typeOf(value))],
    paramsValue: [BigInt(number), ...values],
  });
}

function typeOf(value) {
  if (Buffer.isBuffer(value)) return DataType.U8Array;
  return typeof value === 'bigint' ? DataType.BigInt : DataType.I32;
}
