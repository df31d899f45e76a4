#!/usr/bin/env node
import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { ensureBrowsers } from './browsers/find-browsers.mjs';
import { missingParts } from './lib/machine.mjs';
import { help, root, run } from './lib/run.mjs';
import { ensureBuilt, ensureInstalled, requireNode } from './lib/setup.mjs';
import { ensurePostgres } from './services/find-postgres.mjs';

/** In this order: what fails fast first. Each runs alone, for the later ones measure and kill processes. */
const PROJECTS = {
  unit: 'pure code and loopback servers',
  browser: 'the SDK in real Chromium',
  'cross-browser': 'the built SDK in Chromium, Firefox and WebKit',
  engine: 'the real embedded ClickHouse and PGlite',
  postgres: 'a real PostgreSQL, the one of DATABASE_URL or one that the tests start',
  kafka: 'a real Apache Kafka, which is killed and stopped',
  e2e: 'the built product as processes: the path of an event, faults',
};

help(`
npm test [-- PROJECT ...]

Installs and builds what has changed, then runs every test, in these projects:
${Object.entries(PROJECTS)
  .map(([name, what]) => `  ${name.padEnd(15)}${what}`)
  .join('\n')}

Ends with a table of what this machine could not run and why, and a line with the totals.
A PostgreSQL, Firefox or WebKit that is missing is installed by apt-get where that is possible (not with
MILLRACE_NO_INSTALL=1). With CI=true, a part that is missing is a failure; Firefox and WebKit never are.
`);

requireNode();
await ensureInstalled();
await ensureBuilt();

const asked = process.argv.slice(2).filter((name) => name in PROJECTS);
const totals = { passed: 0, failed: 0, skipped: 0 };
const problems = [];
const projects = asked.length > 0 ? asked : Object.keys(PROJECTS);
if (projects.includes('postgres') && !process.env.DATABASE_URL) await ensurePostgres();
if (projects.includes('cross-browser')) await ensureBrowsers();
const missing = await missingParts();
const results = join(root, '.cache/test-results');
rmSync(results, { recursive: true, force: true });
mkdirSync(results, { recursive: true });

for (const project of projects) {
  const lacking = missing.find((part) => part.projects.includes(project));
  if (lacking) {
    problems.push([project, `not run: ${lacking.name}`]);
    continue;
  }
  console.log(`\n── ${project}: ${PROJECTS[project]}`);
  await runProject(project);
}

async function runProject(project) {
  const outputFile = join(results, `${project}.json`);
  const vitest = join(root, 'node_modules/vitest/vitest.mjs');
  const { code } = await run(
    [
      process.execPath,
      vitest,
      'run',
      '--project',
      project,
      '--reporter=default',
      '--reporter=json',
      `--outputFile.json=${outputFile}`,
    ],
    { show: true, env: environmentOf(project) },
  );
  const report = readReport(outputFile);
  const failed = report.numFailedTests ?? 0;
  totals.passed += report.numPassedTests ?? 0;
  totals.failed += failed;
  totals.skipped += (report.numPendingTests ?? 0) + (report.numTodoTests ?? 0);
  if (code !== 0 && failed === 0) {
    // A file that did not load, an unhandled rejection, a project without tests: no test says so itself.
    totals.failed++;
    problems.push([project, 'failed outside of any test; see above']);
  }
}

/** Services that are there serve their own project; whatever else starts a Millrace starts it with nothing but its own. */
function environmentOf(project) {
  const env = { ...process.env, UV_THREADPOOL_SIZE: '16' };
  for (const [name, of] of [
    ['DATABASE_URL', 'postgres'],
    ['KAFKA_BROKERS', 'kafka'],
  ]) {
    if (project !== of) delete env[name];
  }
  return env;
}

function readReport(file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    return {};
  }
}

console.log('\nWhat this machine could not run:');
if (missing.length === 0) console.log('  nothing: every part was there');
for (const { name, why, remedy } of missing) console.log(`  ${name.padEnd(22)} ${why}. ${remedy}`);
for (const [project, what] of problems) console.log(`  ${project.padEnd(22)} ${what}`);

if (process.env.CI === 'true') totals.failed += missing.filter((part) => part.required).length;
console.log(`\n${totals.passed} passed, ${totals.failed} failed, ${totals.skipped} skipped`);
process.exitCode = totals.failed > 0 || totals.passed === 0 ? 1 : 0;
