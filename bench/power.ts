/**
 * `npm run power [n] [--write]`: how often each check raises a finding in a month where nothing is wrong, and how often
 * it finds a fault of the least size it is meant for. Prints the table; `--write` keeps it in docs/power.md.
 *
 * n honest months (10,000 by default) of steady levels and as many of drifting ones, each of a company of its own, shared
 * by all checks; n / 20 months a fault and size. Seeds are 1 to n and are all there is of randomness.
 */
import { writeFileSync } from 'node:fs';
import type { Check, Failure, PayContext, Result } from '../lib/checks/check.ts';
import { checks } from '../lib/checks/index.ts';
import type { UnitHistory } from '../lib/model/history.ts';
import { checkInput } from '../test/fixtures/generators.ts';
import { overdispersed, poisson, seededRandom } from '../test/fixtures/random.ts';
import { payFor } from '../test/fixtures/records.ts';
import { incidentTable, quietIncidents } from './power-incidents.ts';
import { honest, judged, quietCompany, type Rates, typedCompany, usualVisits } from './quiet-company.ts';

const drift = 0.15;
const agreement = { floor: 0.6 };

/** A month to judge. */
interface Judged {
  readonly history: UnitHistory;
  readonly pay?: PayContext;
}

/** How a check is put to the test. */
interface Trial {
  /** Levels of p of a watch and of a review that the findings are held against; null: no finding of that kind. */
  readonly nominal: readonly [watch: number | null, review: number | null];
  /** The least fault it is meant for, in words. */
  readonly fault: string;
  /** A month like the others, of the company all checks share or of its own; null where drift means nothing to it. */
  honestMonth(history: UnitHistory, seed: number, isDrifting: boolean): Judged | null;
  /** A month with so many times the fault, of a company of steady levels. */
  faultyMonth(seed: number, times: number): Judged;
}

type Months = Pick<Trial, 'honestMonth' | 'faultyMonth'>;

/** Months of the shared company, with other rates in August for a fault. */
function company(august: (times: number) => Partial<Rates>, kpi?: 'leads'): Months {
  const judge = (history: UnitHistory) =>
    kpi ? { history, pay: payOf(history, kpi, 0.97, 0) } : { history };
  return {
    honestMonth: judge,
    faultyMonth: (seed, times) => judge(quietCompany({ seed, drift: 0, august: august(times) })),
  };
}

/** Months of which only typed numbers are known. */
function typed(values: (seed: number, times: number) => (day: number) => number): Months {
  const month = (seed: number, times: number) => ({ history: typedCompany('visitors', values(seed, times)) });
  return {
    honestMonth: (_, seed, isDrifting) => (isDrifting ? null : month(seed, 0)),
    faultyMonth: month,
  };
}

/** Indices of the first days of February to September. */
const monthStarts = [27, 55, 86, 116, 147, 177, 208, 239];

/** What a plan says whose target is a part of what the months before August bring. */
function payOf(history: UnitHistory, kpi: 'leads', part: number, hits: number): PayContext {
  const counted = monthStarts.slice(1).map((to, i) => ({
    period: `2026-0${i + 2}`,
    counted: history.leads!.daily.slice(monthStarts[i], to).reduce<number>((sum, v) => sum + v!, 0),
  }));
  const usual = counted.slice(0, 6).reduce((sum, c) => sum + c.counted, 0) / 6;
  const target = Math.round(part * usual);
  const made = counted.map((c, i) => (i >= 7 - hits ? { ...c, counted: target + 1 } : c));
  return payFor(kpi, target, { counted: made[6]!.counted, earlier: made.slice(0, 6) });
}

/** Jensen-Shannon divergence in bits when a source of a share joins a mix of others. */
function divergenceOf(share: number): number {
  const h = (x: number) => (x > 0 ? -x * Math.log2(x) : 0);
  const rest = 1 - share;
  // Only the size of the new part matters: the others keep their shares of what is left.
  return h(share / 2) + h(1 - share / 2) - (h(share) + h(rest)) / 2;
}

function shareOf(divergence: number): number {
  let low = 0;
  let high = 1;
  for (let i = 0; i < 60; i += 1) {
    const middle = (low + high) / 2;
    if (divergenceOf(middle) < divergence) low = middle;
    else high = middle;
  }
  return low;
}

const shareLevels = [0.01, 0.001] as const;
const watchOnly = [0.01, null] as const;

const trials: Readonly<Record<string, Trial | string>> = {
  coverage: 'counts missing days: nothing random',
  'claim-mismatch': 'compares two numbers: finds every claim above its gate',
  restated: {
    nominal: shareLevels,
    fault: '5 % of leads entered after the close',
    ...company((k) => ({ afterClose: honest.afterClose + k * (0.05 - honest.afterClose) }), 'leads'),
  },
  'definition-drift': 'reads versions and dates: nothing random',
  'traffic-spike': {
    nominal: watchOnly,
    fault: 'visits x 1.25',
    ...company((k) => ({ visits: 1 + 0.25 * k, leadsPerVisit: 1 / (1 + 0.25 * k) })),
  },
  'traffic-without-leads': {
    nominal: shareLevels,
    fault: 'leads per visit x .70, by visits that bring none',
    ...company((k) => ({ visits: 1 / (1 - 0.3 * k), leadsPerVisit: 1 - 0.3 * k })),
  },
  'leads-without-traffic': {
    nominal: watchOnly,
    fault: 'leads per visit x 1.25',
    ...company((k) => ({ leadsPerVisit: 1 + 0.25 * k })),
  },
  'sqls-without-leads': {
    nominal: watchOnly,
    fault: 'SQLs per lead x 1.25',
    ...company((k) => ({ sqlsPerLead: 1 + 0.25 * k })),
  },
  'aged-sqls': {
    nominal: shareLevels,
    fault: '10 % of SQLs from leads older than 30 days',
    ...company((k) => ({ aged: honest.aged + k * (0.1 - honest.aged) })),
  },
  'unengaged-traffic': {
    nominal: shareLevels,
    fault: 'a new source with 5 % of visits, engaged a third as often (x 1.5: 7.5 %, never)',
    ...company((k) => ({
      added: { visits: shareAdded(0.05 * k), engaged: 0.59 * (1 - (2 / 3) * k) },
    })),
  },
  'source-mix-shift': {
    nominal: watchOnly,
    fault: 'a new source that moves the mix by .05 bits',
    ...company((k) => ({ added: { visits: shareAdded(shareOf(0.05 * k)), engaged: 0.59 } })),
  },
  'too-smooth': {
    nominal: [null, 1e-6],
    fault: 'daily visits with half the variance of a Poisson count (x 1.5: a quarter)',
    ...typed((seed, times) => {
      const random = seededRandom(seed);
      return (i) => {
        const mean = usualVisits(i);
        if (times === 0 || i < judged.from || i >= judged.to) return poisson(random, mean);
        return Math.max(0, Math.round(mean + Math.sqrt((1 - 0.5 * times) * mean) * normal(random)));
      };
    }),
  },
  'digit-pattern': {
    nominal: watchOnly,
    fault: '30 % of typed numbers end in 0 or 5',
    ...typed((seed, times) => {
      const random = seededRandom(seed);
      return (i) => {
        const value = overdispersed(random, usualVisits(i), honest.dispersion);
        return random() < (0.1 * times) / 0.8 ? Math.round(value / 5) * 5 : value;
      };
    }),
  },
  'acceptance-shortfall': {
    nominal: shareLevels,
    fault: 'acceptance x .85',
    ...company((k) => ({ accepted: honest.accepted * (1 - 0.15 * k) })),
  },
  'acceptance-rubber-stamp': {
    nominal: shareLevels,
    fault: '20 % accepted by who handed them over',
    ...company((k) => ({ stamped: honest.stamped + k * (0.2 - honest.stamped) })),
  },
  'rejection-without-cause': {
    nominal: shareLevels,
    fault: '15 % contested (the gate of 3 SQLs is passed by honest months)',
    ...company((k) => ({ contested: honest.contested + k * (0.15 - honest.contested) })),
  },
  'unworked-sqls': {
    nominal: shareLevels,
    fault: '20 % overdue',
    ...company((k) => ({ undecided: honest.undecided + k * (0.2 - honest.undecided) })),
  },
  'funnel-order': 'compares dates record by record: finds every one out of order',
  'duplicate-leads': {
    nominal: shareLevels,
    fault: '5 % of leads nearly the same as an earlier one',
    ...company((k) => ({ repeated: honest.repeated + k * (0.05 - honest.repeated) })),
  },
  'unreachable-leads': {
    nominal: shareLevels,
    fault: '5 % of leads with two signs',
    ...company((k) => ({ unreachable: honest.unreachable + k * (0.05 - honest.unreachable) })),
  },
  'lead-burst': {
    nominal: watchOnly,
    fault: 'twice the fullest ten minutes before, in ten minutes (x 1.5: three times)',
    ...company((k) => ({ burst: 2 * k })),
  },
  'period-end-surge': {
    nominal: watchOnly,
    fault: 'leads x 1.5 on the last three business days',
    ...company((k) => ({ lastDays: 1 + 0.5 * k })),
  },
  'late-entry': {
    nominal: shareLevels,
    fault: '5 % of leads entered more than a week late',
    ...company((k) => ({ late: honest.late + k * (0.05 - honest.late) }), 'leads'),
  },
  'just-over-target': {
    nominal: shareLevels,
    fault: '4 of the last 7 months just over the target (x 1.5: 6)',
    honestMonth: (history) => ({ history, pay: payOf(history, 'leads', 0.985, 0) }),
    faultyMonth(seed, times) {
      const history = quietCompany({ seed, drift: 0 });
      return { history, pay: payOf(history, 'leads', 0.985, 4 * times) };
    },
  },
  'stop-after-target': {
    nominal: watchOnly,
    fault: 'leads x .70 once 60 % of a usual month is reached',
    honestMonth: (history) => ({ history, pay: payOf(history, 'leads', 0.6, 0) }),
    faultyMonth(seed, times) {
      const history = quietCompany({ seed, drift: 0 });
      const pay = payOf(history, 'leads', 0.6, 0);
      const random = seededRandom(seed);
      let reached = 0;
      const daily = history.leads!.daily.map((v, i) => {
        if (v === null || i < judged.from || i >= judged.to) return v;
        const isMet = reached >= pay.planKpi.target;
        reached += v;
        return isMet ? thinned(v, 1 - 0.3 * times, random) : v;
      });
      return { history: { ...history, leads: { ...history.leads!, daily } }, pay };
    },
  },
  'presale-in-marketing-budget':
    'a share of the guests of one event without a p: finds every one above its gate',
};

/** Visits over all others that make a share of all visits. */
function shareAdded(share: number): number {
  return share / (1 - share);
}

function normal(random: () => number): number {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
}

function thinned(count: number, share: number, random: () => number): number {
  let kept = 0;
  for (let i = 0; i < count; i += 1) if (random() < share) kept += 1;
  return kept;
}

/** How many months were judged, and what came of them. */
interface Tally {
  told: number;
  raised: number;
  review: number;
}

function add(tally: Tally, result: Result): void {
  if (result.status !== 'pass' && result.status !== 'fail') return;
  tally.told += 1;
  const failures: readonly Failure[] = result.status === 'fail' ? result.failures : [];
  if (failures.length > 0) tally.raised += 1;
  if (failures.some((f) => f.severity === 'review')) tally.review += 1;
}

const defaults = new Map(checks.map((check) => [check.id, check.policy.parse({})]));

function evaluate(check: Check, { history, pay }: Judged): Result {
  const input = checkInput(history, judged.id, { agreement, ...(pay && { pay }) });
  return check.evaluate(input, defaults.get(check.id));
}

interface Row {
  readonly check: Check;
  readonly trial: Trial | string;
  readonly steady: Tally;
  readonly drifting: Tally;
  readonly atGate: Tally;
  readonly above: Tally;
}

const blank = (): Tally => ({ told: 0, raised: 0, review: 0 });

function honestMonths(rows: readonly Row[], n: number, sd: number, into: 'steady' | 'drifting'): void {
  for (let seed = 1; seed <= n; seed += 1) {
    const history = quietCompany({ seed, drift: sd });
    for (const { check, trial, ...tallies } of rows) {
      const month = typeof trial === 'string' ? null : trial.honestMonth(history, seed, sd > 0);
      if (month) add(tallies[into], evaluate(check, month));
    }
    if (seed % 500 === 0) process.stderr.write(`${into} ${seed}\n`);
  }
}

function faultyMonths(rows: readonly Row[], n: number): void {
  for (const { check, trial, atGate, above } of rows) {
    if (typeof trial === 'string') continue;
    for (let seed = 1; seed <= n; seed += 1) {
      add(atGate, evaluate(check, trial.faultyMonth(seed, 1)));
      add(above, evaluate(check, trial.faultyMonth(seed, 1.5)));
    }
    process.stderr.write(`${check.id}\n`);
  }
}

/** A share of n in percent with its Monte Carlo standard error; zero hits give the 95 % upper limit 3 / n. */
function percent(hits: number, n: number, digits: number): string {
  if (n === 0) return '-';
  if (hits === 0) return `0 (< ${(300 / n).toFixed(digits)})`;
  const p = hits / n;
  return `${(100 * p).toFixed(digits)} ± ${(100 * Math.sqrt((p * (1 - p)) / n)).toFixed(digits)}`;
}

function line({ check, trial, steady, drifting, atGate, above }: Row): string {
  if (typeof trial === 'string')
    return `| [${check.id}](checks/${check.id}.md) | - | - | - | - | ${trial} | - | - |`;
  const nominal = trial.nominal
    .map((p) => (p === null ? '-' : `${Number((100 * p).toPrecision(2))}`))
    .join(' / ');
  const rates = (tally: Tally) =>
    tally.told === 0
      ? '-'
      : trial.nominal[1] === null
        ? percent(tally.raised, tally.told, 2)
        : `${percent(tally.raised, tally.told, 2)} / ${percent(tally.review, tally.told, 2)}`;
  return [
    '',
    `[${check.id}](checks/${check.id}.md)`,
    nominal,
    rates(steady),
    rates(drifting),
    String(steady.told),
    trial.fault,
    percent(atGate.raised, atGate.told, 0),
    percent(above.raised, above.told, 0),
    '',
  ]
    .join(' | ')
    .trim();
}

/** Companies whose whole history is gone through for incidents. */
function incidentMonths(n: number): number {
  return Math.min(n, 2000);
}

function* companies(n: number, sd: number): Iterable<UnitHistory> {
  for (let seed = 1; seed <= n; seed += 1) yield quietCompany({ seed, drift: sd });
}

function page(rows: readonly Row[], incidents: string, n: number): string {
  return `# False alarms and power

Written by \`npm run power -- --write\`; not to be edited by hand.

## What was done

Each check judges August 2026 of made-up companies of 175 visitors on a weekday, 9 leads and 3 SQLs a day, with its default
limits and an agreed floor of ${agreement.floor}.

- **Honest months**: ${n} seeds (1 to ${n}), each a company of its own with seven months of history; all checks judge the same
  companies. *Steady*: quasi-Poisson counts by weekday (variance ${honest.dispersion} x mean for visits, 1.3 x for leads).
  *Drifting*: beside that, AR(1) shocks of the logarithm, standard deviation ${drift}, lag-one correlation .7, on the site's
  visits, on each source's, on leads per visit and on SQLs per lead, each of its own: harder than one drifting series.
  Honest records hold what honest records hold: each trait at half the share its check's gate asks for, or less.
- **Faults**: ${Math.round(n / 20)} seeds a size, on the steady company: a fault of exactly the size of the effect gate, and of 1.5
  times its distance from the ordinary. At the gate itself chance alone puts half of the months below it, so power there is
  about a half where one gate binds, and less where the evidence or several gates do.
- **Columns**: *nominal* is the level of p of a watch and of a review, in percent. False alarms are months with a finding of
  any severity and with one at review, in percent of the months the check could tell (*told*), ± one Monte Carlo standard
  error; without any, the 95 % upper limit. Nominal levels are reached only where the effect gate does not bind first.

## Figures

| check | nominal, % | steady: any / review, % | drifting: any / review, % | told | fault at the gate | power at the gate, % | power at 1.5 x, % |
|---|---|---|---|---|---|---|---|
${rows.map(line).join('\n')}

Incidents are of days, whatever month they lie in; their limit is a number of false alerts a unit and month in each direction,
shared by its metrics (visitors, leads, SQLs, leads per visit). Counted are incidents opened in August in the first ${incidentMonths(n)} of the
same companies, ± one standard error.

${incidents}

## Reading it

- \`too-smooth\` and \`digit-pattern\` judge typed numbers of their own (Poisson and quasi-Poisson days): drift makes counts vary
  more, never less, and says nothing about digits.
- \`just-over-target\` is given the hardest plan: a target set so that an ordinary month lands in the middle of the band. Its
  faults set results just over the target; its p of such a plan is honest and therefore large.
- \`duplicate-leads\` lists leads of exactly the same address whatever their number (they are removed, and \`watch\`); tested here
  are leads that are nearly the same.
- \`late-entry\` counts what was entered by the close: of 5 % late leads a fifth comes after it and counts for \`restated\`,
  so the fault of the table stays below the gate.
- \`period-end-surge\` tests leads and SQLs, each at its level for a KPI of its own: alone it is a \`watch\`, and a \`review\`
  only with what became of the same records.
- Drift raises false alarms of what judges levels above nominal (METHODS of the literature say the same of every such
  test): a watch alone holds no pay, and \`calibrate\` measures a company's own rate.
- Volume checks alone never go above \`watch\`; a verdict asks for more than one of these findings.
`;
}

const n = Number(process.argv.find((a) => /^\d+$/.test(a)) ?? 10_000);
const rows = checks.map(
  (check): Row => ({
    check,
    trial: trials[check.id] ?? 'not measured',
    steady: blank(),
    drifting: blank(),
    atGate: blank(),
    above: blank(),
  }),
);
honestMonths(rows, n, 0, 'steady');
honestMonths(rows, n, drift, 'drifting');
faultyMonths(rows, Math.max(1, Math.round(n / 20)));
const [steady, drifting] = [0, drift].map((sd) => quietIncidents(companies(incidentMonths(n), sd)));
const text = page(rows, incidentTable(steady!, drifting!, Math.max(1, Math.round(n / 20))), n);
console.log(text);
if (process.argv.includes('--write')) writeFileSync(new URL('../docs/power.md', import.meta.url), text);
