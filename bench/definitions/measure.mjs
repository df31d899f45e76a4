// A process that takes each step from a document's text to its use, once cold and then warm. Argument: how many flags.
import { createHash } from 'node:crypto';
import { bundleEvaluator } from '../get-variant/bundle.mjs';
import { median } from '../support/figures.mjs';
import { makeDocument } from './document.mjs';

const ROUNDS = 50;

const { clientPart, compileDefinitions, createCompiledEvaluator, createEvaluator, prepareDefinitions } =
  await import(await bundleEvaluator());
const authored = JSON.stringify(makeDocument(Number(process.argv[2])));
const whole = prepareDefinitions(JSON.parse(authored));
const served = JSON.stringify(clientPart(whole));
const compiled = JSON.stringify(compileDefinitions(clientPart(whole)));
const context = {
  units: { anonymousId: '3f0d9e1a-5b7c-4d2e-8a6f-000000000001' },
  attributes: { country: 'CH', plan: 'gold', version: '2.10.0', path: '/shop/de/item-20' },
  now: Date.now(),
};
const evaluator = createEvaluator(whole);
const keys = Object.keys(whole.flags);

const STEPS = {
  'JSON.parse alone': () => JSON.parse(served),
  'an SDK: parse, make an evaluator': () => createEvaluator(JSON.parse(served)),
  'a page: parse the compiled form, make an evaluator': () => createCompiledEvaluator(JSON.parse(compiled)),
  'a server: parse, prepare, make an evaluator': () =>
    createEvaluator(prepareDefinitions(JSON.parse(authored))),
  "the collector after a change: prepare, clients' part, text, ETag": () =>
    createHash('sha256')
      .update(JSON.stringify(clientPart(prepareDefinitions(whole))))
      .digest(),
  '/v1/evaluate of every flag': () => keys.map((key) => evaluator.resolve(key, context)),
};

/** CPU milliseconds, of all threads: what else the machine does hardly counts. */
function timed(step) {
  const before = process.cpuUsage();
  step();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1_000;
}

const steps = Object.entries(STEPS).map(([what, step]) => {
  const first = timed(step);
  return { what, first, warm: median(Array.from({ length: ROUNDS }, () => timed(step))) };
});
process.send({ bytes: served.length, compiledBytes: compiled.length, steps });
process.disconnect();
