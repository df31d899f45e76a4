#!/usr/bin/env node
import { help } from './lib/run.mjs';
import { ensureBuilt, ensureInstalled, requireNode } from './lib/setup.mjs';

help(`
npm run build

Installs the workspace and builds every package whose sources have changed.
`);

requireNode();
await ensureInstalled({ examples: false });
await ensureBuilt();
