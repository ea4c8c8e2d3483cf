/**
 * `npm run bench:checks`: what statistics cost. Two measures, each printed with its target:
 *
 * 1. Baselines a second: `fitBaseline` (182 days, 30 of them predicted, with dispersion, reweighting, trend and predictive
 *    variance) beside a plain detector on the same series: median and MAD x 1.4826 by weekday, and a z a day.
 * 2. Every check on a made-up company (50 plans, 20 channels, two years, 100,000 leads) in a process of its own: seconds,
 *    CPU seconds and peak memory.
 *
 * `npm run bench:checks -- baselines` or `-- large` measures one of them.
 */
import { spawnSync } from 'node:child_process';
import { cpus } from 'node:os';
import { median, medianAbsoluteDeviation } from 'simple-statistics';
import { type Config, configSchema } from '../lib/model/config.ts';
import type { Row } from '../lib/model/datasets.ts';
import { addDays, dayNumber } from '../lib/model/day.ts';
import { noHolidays } from '../lib/model/holidays.ts';
import type { SourceDays, UnitData } from '../lib/model/unit-data.ts';
import { judgeUnit } from '../lib/pipeline/judging/judge.ts';
import { policiesOf, policyDigests } from '../lib/pipeline/judging/policy.ts';
import { emptyUnit } from '../lib/pipeline/unit-rows.ts';
import { fitBaseline } from '../lib/statistics/baseline.ts';
import { leadOf, sqlOf } from '../test/fixtures/generators.ts';
import { overdispersed, poisson, seededRandom } from '../test/fixtures/random.ts';

const weekProfile = [1, 1.02, 1.01, 1, 0.92, 0.55, 0.5];
const firstDay = '2024-09-02'; // a Monday

// 1. Baselines

const predictDays = Array.from({ length: 30 }, (_, i) => 182 + i);

function seriesOf(count: number): number[][] {
  const random = seededRandom(7);
  return Array.from({ length: count }, (_, k) => {
    const growth = k % 2 === 0 ? 0 : 0.3; // every second series grows, so that a trend is there to be found
    return Array.from({ length: 212 }, (_, i) =>
      overdispersed(random, (20 + (k % 10) * 20) * weekProfile[i % 7]! * (1 + (growth * i) / 212), 2),
    );
  });
}

function fitOurs(series: readonly number[]): number {
  const baseline = fitBaseline({ counts: series.slice(0, 182), firstWeekday: 1, predictDays });
  return baseline.status === 'ok' ? baseline.sum.mu : 0;
}

/** What many tools do: the distance of each predicted day from its weekday's median in that weekday's robust deviations. */
function fitPlain(series: readonly number[]): number {
  const history = series.slice(0, 182);
  const weekdays = Array.from({ length: 7 }, (_, w) => {
    const same = history.filter((_, i) => i % 7 === w);
    return { centre: median(same), spread: 1.4826 * medianAbsoluteDeviation(same) };
  });
  let largest = 0;
  for (const day of predictDays) {
    const { centre, spread } = weekdays[day % 7]!;
    largest = Math.max(largest, Math.abs(series[day]! - centre) / spread);
  }
  return largest;
}

/** Best of many short batches, taken in turns: others share the machine, and must not slow one of the two only. */
function perSecond(
  series: readonly number[][],
  estimates: readonly ((series: readonly number[]) => number)[],
): number[] {
  const best = estimates.map(() => 0);
  const batch = 25;
  for (let round = 0; round < 10; round += 1) {
    for (let from = 0; from + batch <= series.length; from += batch) {
      estimates.forEach((estimate, k) => {
        const before = performance.now();
        for (let i = from; i < from + batch; i += 1) estimate(series[i]!);
        best[k] = Math.max(best[k]!, (1000 * batch) / (performance.now() - before));
      });
    }
  }
  return best;
}

function baselines(): void {
  const [ours, plain] = perSecond(seriesOf(3000), [fitOurs, fitPlain]) as [number, number];
  const shown = (n: number) => Math.round(n).toLocaleString('en').padStart(9);
  console.log('Baselines, 182 days of history and 30 predicted, one thread');
  console.log(`  fitBaseline                 ${shown(ours)} a second`);
  console.log(`  median and MAD by weekday   ${shown(plain)} a second`);
  console.log(`  ${(ours / plain).toFixed(2)} times as many (target: at least 1)\n`);
}

// 2. Every check on a large company

const size = { plans: 50, channels: 20, days: 730, leads: 100_000 };

/** The company's files, as the readers would give them. */
function largeUnit(): UnitData {
  const random = seededRandom(11);
  const data = emptyUnit('all');
  const names = Array.from({ length: size.channels }, (_, c) => ({ source: `source-${c}`, medium: 'paid' }));
  const level = (i: number) => weekProfile[i % 7]!;
  const series = names.map((name, c) => ({
    dimensions: { ...name, channel: `channel-${c}` },
    days: Object.fromEntries(
      Array.from({ length: size.days }, (_, i) => {
        const visitors = overdispersed(random, (40 + 20 * c) * level(i), 2);
        const sessions = Math.round(visitors * 1.2);
        const engaged = Math.min(sessions, poisson(random, sessions * 0.6));
        return [addDays(firstDay, i), { unique_visitors: visitors, sessions, engaged_sessions: engaged }];
      }),
    ),
  }));
  (data.traffic as SourceDays[]).push({ source: 'web', series, refused: {} });

  const last = addDays(firstDay, size.days - 1);
  const perDay = size.leads / size.days;
  const profile = weekProfile.reduce((sum, v) => sum + v, 0) / 7;
  for (let i = 0; i < size.days; i += 1) {
    const day = addDays(firstDay, i);
    const count = overdispersed(random, (perDay * level(i)) / profile, 1.5);
    for (let k = 0; k < count; k += 1) data.records.leads.push(leadRow(`L${i}-${k}`, i, day, random));
    for (let k = 0; k < count; k += 1) {
      if (random() >= 0.3) continue;
      const delivered = addDays(day, Math.floor(random() * 4));
      if (delivered > last) continue;
      const decided = addDays(delivered, Math.floor(random() * 6));
      data.records.sqls.push(sqlRow(`L${i}-${k}`, delivered, decided, last, random));
    }
  }
  return data;
}

/** One lead: some entered days later, some of people who were there before. */
function leadRow(id: string, day: number, date: string, random: () => number): Row<'leads'> {
  const two = (n: number) => String(Math.floor(n)).padStart(2, '0');
  const at = `${date}T${two(7 + random() * 12)}:${two(random() * 60)}:${two(random() * 60)}`;
  const lead = leadOf(id, at, `source-${Math.floor(random() * size.channels)} / paid`, random);
  const entered = random() < 0.02 ? `${addDays(firstDay, day + 1 + Math.floor(random() * 9))}T08:00:00` : at;
  const person = `${Math.floor(random() * 5 * size.leads)}`;
  const keys = Array.from({ length: 10 }, (_, k) => `${person}.${k}`);
  return {
    ...lead,
    record_entered_at: entered,
    email: `person-${person}`,
    email_local_keys: keys,
    company_key: `company-${Math.floor(random() * 20_000)}`,
  };
}

/** One SQL with the fields a file gives it; pending where its decision lies after the last day. */
function sqlRow(
  lead: string,
  delivered: string,
  decided: string,
  last: string,
  random: () => number,
): Row<'sqls'> {
  const two = (n: number) => String(Math.floor(n)).padStart(2, '0');
  const sql = sqlOf(lead, delivered, decided, random() < 0.75, last);
  const isDecided = sql.decided_at !== null;
  return {
    sql_id: sql.sql_id,
    lead_id: lead,
    delivered_at: sql.delivered_at,
    disposition: sql.disposition,
    record_entered_at: sql.record_entered_at,
    qualified_at: sql.qualified_at,
    qualified_by: sql.qualified_by,
    delivered_by: sql.delivered_by,
    origin: sql.origin,
    reason: sql.reason,
    decided_at: isDecided ? `${decided}T${two(8 + random() * 10)}:${two(random() * 60)}:00` : null,
    decided_by: isDecided ? `person-${Math.floor(random() * 12)}` : null,
    first_contact_at: sql.first_contact_at,
    attempts: sql.attempts,
    revisit_at: null,
    criteria_version: '1',
    unit: 'all',
    key_version: '1',
  };
}

function largeConfig(): Config {
  return configSchema.parse({
    organisation: 'Made up',
    timezone: 'UTC',
    currency: 'USD',
    sources: [
      { id: 'web', dataset: 'traffic', settling: 'P4D' },
      { id: 'crm', dataset: 'leads' },
      { id: 'sales', dataset: 'sqls' },
    ],
    agreement: { decideWithin: 'P7D', floor: 0.6 },
    plans: Array.from({ length: size.plans }, (_, i) => ({
      id: `plan-${i}`,
      title: `Plan ${i}`,
      side: 'marketing',
      bonus: 1000,
      kpis: [
        { kpi: 'visitors', target: 100_000 + i * 500 },
        { kpi: 'leads', target: 3500 + i * 20 },
        { kpi: 'sqls_delivered', target: 1000 + i * 10 },
      ],
    })),
  });
}

function judgeLarge(): void {
  const config = largeConfig();
  const read = policiesOf(config);
  if (!('policies' in read)) throw new Error('the limits are not valid');
  const data = largeUnit();
  const start = performance.now();
  const before = process.cpuUsage();
  const { assessments } = judgeUnit({
    config,
    policies: read.policies,
    policyDigest: policyDigests(config, read.policies),
    data,
    asOf: addDays(firstDay, size.days - 1),
    isHoliday: noHolidays,
    calibration: null,
    decisions: new Map(),
    sealed: new Map(),
  });
  const { user, system } = process.cpuUsage(before);
  const figures = {
    seconds: (performance.now() - start) / 1000,
    cpuSeconds: (user + system) / 1e6,
    peakMb: process.resourceUsage().maxRSS / 1024,
    leads: data.records.leads.length,
    sqls: data.records.sqls.length,
    assessments: assessments.length,
    errors: assessments.reduce((sum, a) => sum + a.outcomes.filter((o) => o.status === 'error').length, 0),
  };
  process.stdout.write(JSON.stringify(figures));
}

function large(): void {
  const run = spawnSync(process.execPath, [...process.execArgv, import.meta.filename, 'judge'], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  if (run.status !== 0) throw new Error(`judging ended with ${run.status}`);
  const f = JSON.parse(run.stdout) as Record<string, number>;
  const months = Math.floor((dayNumber('2026-09-01') - dayNumber(firstDay)) / 30.44);
  console.log(
    `Every check, ${size.plans} plans, ${size.channels} channels, ${months} months, ${f.leads} leads, ${f.sqls} SQLs, one process`,
  );
  console.log(
    `  ${f.seconds!.toFixed(1)} s, ${f.cpuSeconds!.toFixed(1)} s CPU (target: below 10), ${f.peakMb!.toFixed(0)} MB at most (target: below 1024)`,
  );
  console.log(`  ${f.assessments} assessments, ${f.errors} checks that threw`);
}

const part = process.argv[2];
if (part === 'judge') judgeLarge();
else {
  console.log(`node ${process.version}, ${cpus().length} cores\n`);
  if (part !== 'large') baselines();
  if (part !== 'baselines') large();
}
