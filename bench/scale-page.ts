import {
  concurrency,
  type Estimate,
  estimate,
  type Fixed,
  peopleShare,
  plansPerUnit,
  requestSeconds,
} from './cost-model.ts';
import type { Measured } from './measured-run.ts';
import prices from './prices-2026-11.json' with { type: 'json' };

const plans = [1, 50, 1000, 20_000];
const gbPerDay = [0.1, 1, 10, 100];
/** What 50 plans with 0.1 GB a day may cost in a month. */
export const promised = { plans: 50, gbPerDay: 0.1, usd: 6 };

const usd = (value: number) =>
  value.toLocaleString('en', { minimumFractionDigits: 2, maximumFractionDigits: 2 });
const whole = (value: number) => Math.round(value).toLocaleString('en');
const duration = (seconds: number) =>
  seconds < 90
    ? `${whole(seconds)} s`
    : seconds < 5400
      ? `${whole(seconds / 60)} min`
      : `${(seconds / 3600).toFixed(1)} h`;
const row = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;

/** `docs/cost.md`: what a month costs and what fits, from measured runs, prices and the template. */
export function scalePage(measured: readonly Measured[], measuredOn: string, fixed: Fixed): string {
  const of = (load: { plans: number; gbPerDay: number }) => estimate(load, measured, fixed);
  const one = of(promised);
  const grid = plans.map((p) => gbPerDay.map((gb) => of({ plans: p, gbPerDay: gb })));
  const mark = ({ steps }: Estimate) => {
    const passing = steps.filter(({ passes }) => passes);
    return passing.length === 0
      ? ''
      : ` (${passing.map(({ step, passes }) => `${step}: ${passes}`).join(', ')})`;
  };
  const table = (cell: (estimate: Estimate) => string) => [
    row(['plans', ...gbPerDay.map((gb) => `${gb} GB a day`)]),
    row(['---:', ...gbPerDay.map(() => '---:')]),
    ...grid.map((cells, i) => row([whole(plans[i]!), ...cells.map(cell)])),
  ];
  const { quotas } = prices;
  const largest = Math.max(
    ...measured.flatMap(({ run }) => Object.values(run).map(({ payloadBytes }) => payloadBytes)),
  );
  return [
    '# What it costs, and how far it scales',
    '',
    '`npm run scale` printed this page. It was computed, not billed: the stack never ran in an account. The bundled handlers ran',
    `over made-up companies on the embedded servers (${measuredOn}), which counted every request and its bytes; each call was a`,
    'process of its own, as a cold start is. Straight lines through those runs give every other size. Prices and quotas stand in',
    `\`bench/prices-2026-11.json\`: ${prices.note}`,
    '',
    `**${promised.plans} plans of 3 KPIs, 20 channels, ${promised.gbPerDay} GB a day: USD ${usd(one.total)} a month in steady state** (promised: at most ${usd(promised.usd)}).`,
    '',
    row(['item', 'USD a month']),
    row(['---', '---:']),
    ...Object.entries(one.usd).map(([item, value]) => row([item, usd(value)])),
    row(['**altogether**', `**${usd(one.total)}**`]),
    '',
    '## What is assumed',
    '',
    `- ${plansPerUnit} plans a unit, 20 channels, 12 judged months beside 8 to learn from. Of the bytes, ${100 * peopleShare} % are leads and SQLs, the rest`,
    '  traffic by day, channel and country. Every day each source exports its whole history again, plain: 0.1 GB a day is a CRM of',
    '  100,000 leads. Who exports only what is new, or gzips it (to about a fifth), lands less for the same company.',
    '- Steady state is day 400: landing is full (30 days in S3 Standard, then in Glacier Instant Retrieval until it expires), a',
    '  year of evidence lies there, and the key has rotated twice (1 USD a month more for each of the first two times).',
    `- A request inside the region takes ${requestSeconds * 1000} ms, and a step makes one after the other; a function has the share of a`,
    '  processor that its memory buys. Processor seconds are those of this machine.',
    '- Metrics of our own are paid by the hour in which one is sent: an hour a run. The first three dashboards of an account are',
    `  free; if this is the fourth, add ${usd(prices.dashboardMonth)}.`,
    `- Measured were ${measuredSizes(measured)} a month; what lies beyond is extrapolated, the further the less sure.`,
    '- Left out: what readers download, Athena, taxes, and the first run over all history.',
    '',
    '## A month, in USD',
    '',
    'Where a step does not fit as the stack is, it is named with what it passes: 15 minutes, or the memory the stack gives it. The',
    'price beside it then says what the work would cost, not that it can be done.',
    '',
    ...table((e) => `${usd(e.total)}${mark(e)}`),
    '',
    '## A daily run, start to end',
    '',
    `Deliveries and units are worked on ${concurrency} at a time (\`concurrency\`); an account runs ${whole(quotas.lambdaConcurrency)} functions at once by default.`,
    '',
    ...table((e) => duration(e.seconds)),
    '',
    '## Against the quotas',
    '',
    row(['what', 'largest', 'quota']),
    row(['---', '---:', '---:']),
    row(['what a step hands on, bytes (measured)', whole(largest), whole(quotas.statePayloadBytes)]),
    row([
      'longest call of that run, seconds',
      whole(Math.max(...one.steps.map(({ seconds }) => seconds))),
      whole(quotas.lambdaSeconds),
    ]),
    row([
      'most memory of that run, MB',
      whole(Math.max(...one.steps.map(({ peakMb }) => peakMb))),
      whole(quotas.lambdaMemoryMb),
    ]),
    row([
      'functions at once',
      whole(Math.min(concurrency, Math.max(3, one.units))),
      whole(quotas.lambdaConcurrency),
    ]),
    '',
    `Each step for ${promised.plans} plans and ${promised.gbPerDay} GB a day:`,
    '',
    row([
      'step',
      'calls',
      'seconds a call',
      'memory, MB',
      'of',
      'S3 puts and lists',
      'S3 gets',
      'DynamoDB read units',
      'write units',
    ]),
    row(['---', ...Array.from({ length: 8 }, () => '---:')]),
    ...one.steps.map((s) =>
      row([
        s.step,
        ...[
          s.invocations,
          s.seconds,
          s.peakMb,
          s.memoryMb,
          s.s3Puts,
          s.s3Gets,
          s.readUnits,
          s.writeUnits,
        ].map(whole),
      ]),
    ),
    '',
    '## What grows first',
    '',
    ...limits(of),
    '',
  ].join('\n');
}

/** The sizes measured, from the least to the most. */
function measuredSizes(measured: readonly Measured[]): string {
  const range = (of: (one: Measured) => number) => {
    const values = measured.map(of);
    return `${whole(Math.min(...values))} to ${whole(Math.max(...values))}`;
  };
  const {
    plans: p,
    units,
    countries,
    leads,
  } = {
    plans: range(({ scale }) => scale.plans),
    units: range(({ scale }) => scale.units),
    countries: range(({ scale }) => scale.countries),
    leads: range(({ scale }) => scale.leads),
  };
  return `${p} plans, ${units} units, ${countries} countries and ${leads} leads`;
}

/** The first number of plans, and of gigabytes, at which a step no longer fits, by halving. */
function limits(of: (load: { plans: number; gbPerDay: number }) => Estimate): string[] {
  const fits = (load: { plans: number; gbPerDay: number }) => of(load).steps.every(({ passes }) => !passes);
  const most = (from: number, to: number, load: (value: number) => { plans: number; gbPerDay: number }) => {
    let [low, high] = [from, to];
    while (high / low > 1.02) {
      const middle = Math.sqrt(low * high);
      if (fits(load(middle))) low = middle;
      else high = middle;
    }
    const first = of(load(high)).steps.find(({ passes }) => passes)!;
    return { low, first: `${first.step} (${first.passes})` };
  };
  const byPlans = most(1, 1e6, (p) => ({ plans: Math.max(1, Math.round(p)), gbPerDay: 0.01 }));
  const byGb = most(0.01, 1e4, (gb) => ({ plans: 50, gbPerDay: gb }));
  const two = (value: number) => Number(value.toPrecision(2)).toLocaleString('en');
  return [
    `- By plans, with 0.01 GB a day: about ${two(byPlans.low)}; then ${byPlans.first} does not fit.`,
    `- By data, with 50 plans: about ${two(byGb.low)} GB a day; then ${byGb.first} does not fit.`,
    '- Beyond that several stacks, one a division, do what one cannot: `cdk deploy -c stack=NAME -c config=FILE`. Units of one stack',
    '  share flags, ledger and report, which one function each writes; and every unit reads the records of all of them.',
  ];
}
