import { describe, expect, it } from 'vitest';
import { whyText } from '../../lib/reports/why-text.ts';
import { aFinding, anAssessment, anSqlFlag } from './sample.ts';

describe('why a decision is needed', () => {
  it('is what was taken off, with the sources it came from', () => {
    const removals = [
      { rule: 'source_excess', count: 1948, records: ['boost.example / referral'], memo: false },
    ] as const;
    expect(whyText(anAssessment({ verdict: 'review', removals }))).toBe(
      '1,948 above what comparable days explain, from boost.example / referral',
    );
  });

  it('is the finding that says most where little or nothing was taken off', () => {
    const few = { rule: 'duplicate', count: 4, records: [], memo: false } as const;
    expect(whyText(anSqlFlag({ removals: [few] }))).toBe(aFinding().text);
    expect(whyText(anSqlFlag({ removals: [{ ...few, count: 5 }] }))).toBe('5 counted before (same person)');
    expect(whyText(anSqlFlag({ removals: [{ ...few, count: 50, memo: true }] }))).toBe(aFinding().text);
  });

  it('is the reason where nothing could be told, and nothing for a certified number', () => {
    expect(whyText(anAssessment({ verdict: 'unable_to_certify', reasons: ['no data were delivered'] }))).toBe(
      'no data were delivered',
    );
    expect(whyText(anAssessment({ verdict: 'watch', findings: [aFinding()] }))).toBe('');
  });

  it('stays 200 characters whatever it is told', () => {
    const removals = [
      {
        rule: 'source_excess',
        count: 900,
        records: ['\u202E'.concat('W'.repeat(10_000))],
        memo: false,
      } as const,
    ];
    const text = whyText(anAssessment({ verdict: 'review', claimed: 5000, removals }));
    expect(text.length).toBeLessThanOrEqual(200);
    expect(text).not.toContain('\u202E');
  });
});
