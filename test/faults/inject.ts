/**
 * Disturbs runs and runs them again: `npm run faults [-- COUNT [SEED]]`, the steps in this process, or
 * `npm run faults -- bundles [COUNT [SEED]]`, the synthesized bundles on Node 24. Prints what was injected and exits 1
 * when a state differs from an undisturbed run's.
 */
import { bundleWorlds } from './bundle-world.ts';
import { faultKinds } from './faults-of-a-run.ts';
import { manyFilesDifferences } from './many-files.ts';
import { baseline, type Trial, trial, trialPlans } from './trials.ts';

const isOnBundles = process.argv[2] === 'bundles';
const [count = isOnBundles ? 30 : 500, seed = 1] = process.argv.slice(isOnBundles ? 3 : 2).map(Number);
const say = (text: string) => process.stdout.write(`${text}\n`);
const started = performance.now();
const bundles = isOnBundles ? bundleWorlds() : null;
const from = await baseline(undefined, bundles?.make);
const trials: Trial[] = [];
try {
  for (const plan of trialPlans(count, seed)) {
    const told = `seed ${plan.seed}, ${plan.schedule}, ${plan.faults.map(({ kind, at }) => `${kind} at ${at.toFixed(3)}`).join(' + ')}`;
    try {
      const done = await trial(plan, from);
      trials.push(done);
      if (trials.length % 10 === 0) process.stderr.write(`${trials.length} of ${count}\n`);
      if (done.differences.length > 0) {
        process.exitCode = 1;
        say(`DIFFERS after ${told} (ended ${done.ended}):\n  ${done.differences.slice(0, 8).join('\n  ')}`);
      }
    } catch (error) {
      process.exitCode = 1;
      say(`FAILED after ${told}:\n  ${(error as Error).stack}`);
    }
  }
} finally {
  await from.remove();
  bundles?.remove();
}
say('\nfault                            trials  alone  injected  first run failed');
for (const kind of faultKinds) {
  const own = trials.filter(({ faults }) => faults.some((fault) => fault.kind === kind));
  const cells = [
    own.length,
    own.filter(({ faults }) => faults.length === 1).length,
    own.filter(({ injected }) => injected > 0).length,
    own.filter(({ ended }) => ended !== 'SUCCEEDED').length,
  ];
  say(`${kind.padEnd(32)} ${cells.map((cell, i) => String(cell).padStart([6, 6, 9, 17][i]!)).join(' ')}`);
}
const same = trials.filter((one) => one.differences.length === 0).length;
const late = trials.filter((one) => one.isSettled).length;
say(`\n${same} of ${count} ended in the state of an undisturbed run.`);
say(`In ${late} of them the ledger holds a judgement more, made while a delivery could not be taken in.`);
if (!isOnBundles) {
  const wrong = await manyFilesDifferences(1000);
  if (wrong.length > 0) process.exitCode = 1;
  say(
    `A poison file among a thousand: ${wrong.length === 0 ? 'the others are taken in, it is named' : wrong.join('; ')}.`,
  );
}
say(`${Math.round((performance.now() - started) / 1000)} s`);
