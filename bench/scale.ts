/**
 * `npm run scale`: measures runs of the bundled handlers over made-up companies and prints `docs/cost.md` from them.
 * `npm run scale -- --print` prints it again from the runs measured last, after a change of prices or of the stack.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { stackCosts } from '../test/infra/stack-costs.ts';
import { bundleHandlers, type Measured, measuredRun } from './measured-run.ts';
import { promised, scalePage } from './scale-page.ts';
import type { Scale } from './scaled-company.ts';

const measuredFile = new URL('measured-2026-11.json', import.meta.url);
const page = new URL('../docs/cost.md', import.meta.url);

/** Few and many plans, few and many people; then several units; then much traffic. */
const usual: Scale = { plans: 1, units: 1, channels: 20, countries: 1, leads: 300 };
const scales: readonly Scale[] = [
  usual,
  { ...usual, plans: 6 },
  { ...usual, leads: 900 },
  { ...usual, plans: 6, leads: 900 },
  { ...usual, plans: 2, units: 2 },
  { ...usual, countries: 10 },
];

if (!process.argv.includes('--print')) {
  const bundles = await bundleHandlers();
  const runs: Measured[] = [];
  for (const scale of scales) {
    console.error(`measuring ${JSON.stringify(scale)}`);
    runs.push(await measuredRun(scale, bundles));
  }
  const measuredOn = new Date().toISOString().slice(0, 10);
  writeFileSync(measuredFile, `${JSON.stringify({ measuredOn, runs }, null, 1)}\n`);
}
const { measuredOn, runs } = JSON.parse(readFileSync(measuredFile, 'utf8')) as {
  measuredOn: string;
  runs: Measured[];
};
const text = scalePage(runs, measuredOn, stackCosts());
writeFileSync(page, text);
console.log(text);
console.error(
  `docs/cost.md is written; ${promised.plans} plans are promised for ${promised.usd} USD a month`,
);
