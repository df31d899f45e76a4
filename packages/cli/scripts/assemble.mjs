/**
 * Puts what the command carries beside its code into `dist`: the SDKs that the server hands out (`public/`),
 * and the prebuilt folder that the first start's definitions come from.
 */
import { execFileSync } from 'node:child_process';
import { copyFileSync, mkdirSync, readdirSync, renameSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { buildTemplate } from '../../definitions/scripts/build-template.mjs';

const path = (relative) => fileURLToPath(new URL(relative, import.meta.url));

const tarballs = path('../dist/public/packages');
mkdirSync(tarballs, { recursive: true });
copyFileSync(path('../../browser-sdk/dist/index.global.js'), path('../dist/public/millrace.js'));

// pnpm, since it replaces `catalog:` and `workspace:` in the manifest by versions.
execFileSync('npx', ['-y', 'pnpm@10.34.9', 'pack', '--pack-destination', tarballs], {
  cwd: path('../../browser-sdk'),
  stdio: ['ignore', 'ignore', 'inherit'],
  shell: process.platform === 'win32',
});
const packed = readdirSync(tarballs).find((name) => /^millrace-browser-sdk-.*\.tgz$/.test(name));
if (!packed) throw new Error('packing browser-sdk made no tarball');
renameSync(`${tarballs}/${packed}`, `${tarballs}/browser-sdk.tgz`);

copyFileSync(await buildTemplate(), path('../dist/pgdata.tar.gz'));
