import { type IncidentJudge, incidentRuns } from '../lib/checks/incident-days.ts';
import { incidentSeries } from '../lib/checks/incident-series.ts';
import { metricDrop } from '../lib/checks/metric-drop.ts';
import { metricSpike } from '../lib/checks/metric-spike.ts';
import type { DailyValues, UnitHistory } from '../lib/model/history.ts';
import { judged, quietCompany } from './quiet-company.ts';

/** False alarms and power of the checks of single days: what opens in August, among all metrics of a unit. */
const judges: readonly IncidentJudge[] = [metricSpike, metricDrop].map((check) => ({
  check,
  limits: check.policy.parse({}),
}));

/** Wednesday 12 August, the day of the faults. */
const faultDay = 219;

interface Counts {
  months: number;
  /** Incidents opened in August. */
  readonly opened: number[];
}

function openedIn(
  history: UnitHistory,
  isCounted: (step: { from: number; to: number }) => boolean,
): number[] {
  const list = incidentSeries(history, {});
  const context = { history, series: list.length, isFinal: () => true };
  const runs = list.flatMap((series) => incidentRuns(series, context, judges));
  return judges.map((judge) => runs.filter((r) => r.judge === judge && isCounted(r.steps[0]!)).length);
}

/** Incidents of months of which nothing is wrong. */
export function quietIncidents(histories: Iterable<UnitHistory>): Counts {
  const counts: Counts = { months: 0, opened: judges.map(() => 0) };
  for (const history of histories) {
    counts.months += 1;
    openedIn(history, ({ from }) => from >= judged.from && from < judged.to).forEach((n, k) => {
      counts.opened[k]! += n;
    });
  }
  return counts;
}

/** Share of months whose fault of one day is found, by check: visits of so many times the usual, or so little. */
function found(n: number, ratios: readonly [spike: number, drop: number]): number[] {
  const hits = judges.map(() => 0);
  for (let seed = 1; seed <= n; seed += 1) {
    const quiet = quietCompany({ seed, drift: 0 });
    ratios.forEach((ratio, k) => {
      const scaled = (values: DailyValues) =>
        values.map((v, i) => (i === faultDay && v !== null ? Math.round(v * ratio) : v));
      const traffic = { ...quiet.traffic!, visitors: scaled(quiet.traffic!.visitors) };
      const isFault = ({ from, to }: { from: number; to: number }) => from <= faultDay && to > faultDay;
      hits[k]! += Math.sign(openedIn({ ...quiet, traffic }, isFault)[k]!);
    });
  }
  return hits.map((h) => h / n);
}

const rate = ({ months, opened }: Counts, k: number) =>
  `${(opened[k]! / months).toFixed(3)} ± ${(Math.sqrt(opened[k]!) / months).toFixed(3)}`;

/** The table of docs/power.md for incidents. */
export function incidentTable(steady: Counts, drifting: Counts, faults: number): string {
  const atGate = found(faults, [1.5, 0.67]);
  const above = found(faults, [1.75, 0.505]);
  const percent = (share: number) =>
    `${Math.round(100 * share)} ± ${Math.round(100 * Math.sqrt((share * (1 - share)) / faults))}`;
  const fault = ['one day of visits x 1.5 (x 1.5: 1.75)', 'one day of visits x .67 (x 1.5: .5)'];
  const lines = judges.map(
    ({ check, limits }, k) =>
      `| [${check.id}](checks/${check.id}.md) | ${limits.falseAlerts} | ${rate(steady, k)} | ${rate(drifting, k)} | ${fault[k]} | ${percent(atGate[k]!)} | ${percent(above[k]!)} |`,
  );
  return `| check | nominal, alerts a month | steady | drifting | fault at the gate | power at the gate, % | power at 1.5 x, % |
|---|---|---|---|---|---|---|
${lines.join('\n')}`;
}
