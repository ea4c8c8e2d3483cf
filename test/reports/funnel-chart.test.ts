import { describe, expect, it } from 'vitest';
import { flaggedText, funnelChart } from '../../lib/reports/funnel-chart.ts';
import { someWeeks } from './sample.ts';

const asOf = '2026-09-09';
const weeks = someWeeks(26, '2026-09-07');
const august = { from: '2026-08-01', to: '2026-09-01' };

describe('the funnel chart', () => {
  it('draws four panels, each saying in words what it shows', async () => {
    const panels = await funnelChart({ unit: 'all', weeks, flagged: [] }, 'f', asOf);
    expect(panels.map((p) => p.title)).toEqual(['Visitors', 'Leads', 'SQLs', 'Leads per 100 visitors']);
    expect(panels[1]!.alternative).toBe('Leads over 26 weeks: leads between 68 and 84 a week, last 70.');
    expect(panels.some((p) => p.svg.includes('flagged'))).toBe(false);
  });

  it('marks a stretch only where it belongs, touching ones once', async () => {
    const july = { kpi: 'sqls_delivered', from: '2026-07-01', to: '2026-08-01' } as const;
    const panels = await funnelChart(
      { unit: 'all', weeks, flagged: [{ kpi: 'sqls_accepted', ...august }, july] },
      'f',
      asOf,
    );
    expect(panels.map((p) => p.svg.split('>flagged<').length - 1)).toEqual([0, 0, 1, 0]);
    expect(panels[2]!.alternative).toContain('Flagged: 1 Jul to 31 Aug.');
  });

  it('leaves a gap where a week is missing', async () => {
    const holes = weeks.map((w) => ({ ...w, leads: null }));
    const panels = await funnelChart({ unit: 'all', weeks: holes, flagged: [] }, 'f', asOf);
    expect(panels[1]!.alternative).toContain('leads: no complete week');
    expect(panels[3]!.alternative).toContain('no complete week');
  });

  it('gives the same bytes whatever was drawn before, and ids of its own', async () => {
    const draw = (name: string) =>
      funnelChart({ unit: 'all', weeks, flagged: [{ kpi: 'leads', ...august }] }, name, asOf);
    const first = await draw('a');
    await draw('b');
    expect(await draw('a')).toEqual(first);
    const ids = [...first, ...(await draw('b'))].flatMap((p) =>
      [...p.svg.matchAll(/ id="([^"]+)"/g)].map((m) => m[1]),
    );
    expect(new Set(ids).size).toBe(ids.length);
  });

  it('draws nothing without weeks', async () => {
    expect(await funnelChart({ unit: 'all', weeks: [], flagged: [] }, 'f', asOf)).toEqual([]);
  });

  it('names only stretches inside the drawn weeks', () => {
    const old = { kpi: 'leads', from: '2025-08-01', to: '2025-09-01' } as const;
    expect(flaggedText({ unit: 'all', weeks, flagged: [old, { kpi: 'leads', ...august }] }, asOf)).toBe(
      'Leads 1 Aug to 31 Aug',
    );
  });
});
