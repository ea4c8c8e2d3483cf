import { incidentRuns } from '../lib/checks/incident-days.ts';
import { incidentSeries } from '../lib/checks/incident-series.ts';
import { incidentChecks } from '../lib/checks/incidents.ts';
import { quietHistory } from './fixtures/generators.ts';
const judges = incidentChecks.map((check) => ({ check, limits: check.policy.parse({}) }));
const nogate = incidentChecks.map((check) => ({ check, limits: check.policy.parse(check.direction==='spike'?{minRatio:1,minExcess:0}:{maxRatio:1,minShortfall:0}) }));
for (const [name, opts] of Object.entries({ plain: {}, small: { leadRate: 0.02 }, big: {dispersion: 4}, growth: { growth: 0.4 }, leads: {leadRate: .1} }))
 for (const [gn, js] of [['gated', judges], ['ungated', nogate]] as const) {
  const count: Record<string, number> = {};
  let months = 0;
  const N = 15;
  for (let seed = 1; seed <= N; seed++) {
    const history = quietHistory({ seed, days: 547, ...opts });
    const list = incidentSeries(history, {});
    for (const s of list)
      for (const r of incidentRuns(s, { history, series: list.length, isFinal: () => true }, js)) {
        if (r.steps[0]!.from < 182) continue;
        const k = `${s.metric}.${r.judge.check.direction}.${r.steps[0]!.level}`;
        count[k] = (count[k] ?? 0) + 1;
      }
    months += 12;
  }
  const tot = Object.values(count).reduce((a, b) => a + b, 0);
  console.log(name, gn, 'per month', (tot / months).toFixed(3), JSON.stringify(count));
}
