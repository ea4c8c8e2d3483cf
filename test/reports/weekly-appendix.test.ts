import { describe, expect, it } from 'vitest';
import type { Calibration, CanaryNote } from '../../lib/model/report.ts';
import { weeklyHtml } from '../../lib/reports/weekly-html.ts';
import { aReport } from './sample.ts';

const calibration: Calibration = {
  date: '2026-08-01',
  factor: 1,
  rate: 0.005,
  upperBound: 0.0195,
  confidence: 0.9,
  planYears: 200.4,
  problem: null,
};
const canary = (isCaught: boolean): CanaryNote => ({
  id: 'stuffed-sqls',
  what: '60 hand-overs more than real ones',
  isCaught,
  verdict: isCaught ? 'review' : 'clear',
});
const text = async (over: object) => (await weeklyHtml({ ...aReport(), ...over })).replaceAll('&quot;', '"');

describe('the appendix of the weekly report', () => {
  it('tells date and result of the calibration', async () => {
    const page = await text({ calibration });
    expect(page).toContain('Calibrated on 1 Aug by replay and 200 simulated plan-years: 0.005 false');
    expect(page).toContain('at most 0.0195 at 90 % confidence.');
    expect(page).not.toContain('no longer holds');
  });

  it('says why a calibration no longer holds, and when there is none', async () => {
    const stale = await text({ calibration: { ...calibration, problem: 'it is older than 400 days' } });
    expect(stale).toContain(
      'It no longer holds, because it is older than 400 days: without record-level proof',
    );
    expect(await text({ calibration: null })).toContain('Not calibrated yet');
  });

  it('says which canaries were caught and which were not', async () => {
    const page = await text({ canaries: [canary(true), { ...canary(false), id: 'restated-count' }] });
    expect(page).toContain('1 of 2 made months with a known fault');
    expect(page).toMatch(/stuffed-sqls<\/code>: .*?; caught \(needs a decision\)/);
    expect(page).toMatch(/restated-count<\/code>: .*?; <b>not caught<\/b> \(certified\)/);
    expect(await text({ canaries: [] })).not.toContain('Canaries');
  });
});
