// What of an event's way survives a browser: ours and six other SDKs, in real Chromium, through the same scenarios.
import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { bundle } from './delivery/bundle.mjs';
import { inParallel, measure, startChromium } from './delivery/measure.mjs';
import { measureProduct } from './delivery/product.mjs';
import { SCENARIOS } from './delivery/scenarios/all.mjs';
import { SDKS } from './delivery/sdks.mjs';
import { tabulate } from './delivery/table.mjs';

// Most of a run is waiting; more at a time would make the SDKs wait for the processor.
const WIDTH = 6;

const HELP = `
npm run bench -- delivery          all of it
node bench/delivery.mjs [--sdk NAME,...] [--scenario ID,...] [--product] [--width N]

Real bundles of each SDK from npm with its defaults, autocapture off, in Chromium; a collector of another origin,
60 ms away in each direction; a cold profile each run. "a → b": what the collector had when the page was gone,
and after the visitor was back and tracked one more event. With --product, only our SDK against the built Millrace,
with the rows in its warehouse.
SDKs:      ${SDKS.map(({ name }) => name).join(', ')}
Scenarios:
${SCENARIOS.map(({ id, what }) => `  ${id.padEnd(4)} ${what}`).join('\n')}`;

/** Measures, and returns `{ name, rows, ... }` for the table and the file of results. */
export async function run({ sdk, scenario, product, width = WIDTH } = {}) {
  const sdks = SDKS.filter(({ name }) => !sdk || sdk.includes(name));
  const scenarios = SCENARIOS.filter(({ id }) => !scenario || scenario.includes(id));
  const bundles = await Promise.all(sdks.map(({ name }) => bundle(name)));
  const browser = await startChromium();
  try {
    const result = { name: 'delivery', chromium: browser.version() };
    if (product) return { ...result, rows: await measureProduct(browser, bundles[0].code, scenarios) };
    const cells = await inParallel(
      scenarios.flatMap((each) =>
        bundles.map(
          ({ code }) =>
            () =>
              measure(browser, code, each),
        ),
      ),
      width,
    );
    const results = scenarios.map((_, row) => cells.slice(row * sdks.length, (row + 1) * sdks.length));
    const gzipBytes = Object.fromEntries(sdks.map(({ label }, column) => [label, bundles[column].gzipBytes]));
    const detail = scenarios.map(({ id }, row) => ({
      id,
      ...Object.fromEntries(sdks.map(({ name }, column) => [name, results[row][column]])),
    }));
    const ours = sdk || scenario ? undefined : await measureProduct(browser, bundles[0].code, scenarios);
    if (ours) console.table(ours);
    return { ...result, gzipBytes, rows: tabulate(scenarios, sdks, results), detail, product: ours };
  } finally {
    await browser.close();
  }
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const { values } = parseArgs({
    options: {
      help: { type: 'boolean' },
      sdk: { type: 'string' },
      scenario: { type: 'string' },
      product: { type: 'boolean' },
      width: { type: 'string' },
    },
  });
  if (values.help) {
    console.log(HELP.trim());
  } else {
    const { rows } = await run({
      sdk: values.sdk?.split(','),
      scenario: values.scenario?.split(','),
      product: values.product,
      width: values.width && Number(values.width),
    });
    console.table(rows);
  }
}
