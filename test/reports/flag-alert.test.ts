import { describe, expect, it } from 'vitest';
import type { Finding } from '../../lib/model/finding.ts';
import type { Assessment } from '../../lib/model/flag.ts';
import { failureAlert, lateSourceAlert } from '../../lib/reports/failure-alert.ts';
import { flagAlert, isMaterialChange, toldOf } from '../../lib/reports/flag-alert.ts';
import { aFinding, anAssessment, anSqlFlag, aReport } from './sample.ts';

const context = {
  organisation: 'Acme',
  previous: null,
  checks: aReport().checks,
  earlier: ['2026-03', '2026-05'],
  sequence: 7,
};
const heldAs = (held: number) => anSqlFlag({ money: { ...anSqlFlag().money, held } });

describe('a flag alert', () => {
  it('says in its subject what was claimed, verified and expected', () => {
    expect(flagAlert(anSqlFlag({ verdict: 'review' }), context).subject).toBe(
      '[REVIEW] SQLs 2026-08: 100 claimed, 50 accepted; expected 68-87',
    );
  });

  it('names in its subject no range of anything but the value before it', () => {
    const of = (over: Partial<Finding>) =>
      flagAlert(
        anSqlFlag({ findings: [aFinding({ check: 'duplicate-leads', range: [0, 5], ...over })] }),
        context,
      ).subject;
    expect(of({ observed: 7 })).not.toContain('expected');
    expect(of({ observed: 100 })).toContain('; expected up to 5');
  });

  it('says in its mail what a person needs to decide', () => {
    const { long } = flagAlert(anSqlFlag(), { ...context, previous: { verdict: 'watch', held: 0 } });
    for (const part of [
      'SQLs, August 2026: does not reconcile.',
      'Held: USD 555.55 of USD 555.55; without the disputed units the target is missed',
      'Decision due: 14 Sep 2026, pay date 16 Sep 2026',
      'Before: certified, noted',
      'Raised before: 2026-05, 2026-03',
      '[acceptance-shortfall]',
      'Expected 78 (ordinary range 68-87). Observed 50 (-28, -36 %).',
      'Ordinary explanations: a new sales team',
      'What would clear it:',
      'Next: hear the other side',
      'Why: bonafide explain marketing-director/sqls_delivered/all/2026-08',
      'Report: reports/weekly/latest/report.html',
      'Evidence: sha256:',
    ])
      expect(long).toContain(part);
  });

  it('carries what people read as JSON too: numbers, cause, contributors, money, explanations, next step, links', () => {
    const contributors = [{ name: 'ads / cpc', count: 41, share: 0.82, ofAll: 0.3 }];
    const { json, long } = flagAlert(anSqlFlag({ contributors }), context);
    expect(json).toMatchObject({
      schema: 'bonafide/alert/1',
      kind: 'flag',
      metric: 'sqls_delivered',
      period: '2026-08',
      expected: 78,
      observed: 50,
      range: [68, 87],
      deviation: { units: -28, share: -28 / 78 },
      cause: 'At most 50 of 100 SQLs can still be accepted; the agreed floor is 60 %.',
      previous: null,
      contributors,
      held: 55555,
      due: '2026-09-14',
      innocent: [
        'a new sales team still learning the criteria',
        'a changed definition of SQL not yet announced',
      ],
      next: expect.stringContaining('hear the other side'),
      links: { report: 'reports/weekly/latest/report.html', evidence: `sha256:${'e7'.repeat(32)}` },
    });
    expect(long).toContain('Carried mostly by: ads / cpc 41 (82 %; of all 30 %)');
    expect(JSON.parse(JSON.stringify(json))).toEqual(json);
  });

  it('has the same id for a repeat, another for another judgement', () => {
    const id = flagAlert(anSqlFlag(), context).id;
    expect(flagAlert(anSqlFlag(), { ...context, previous: toldOf(anSqlFlag()) }).id).toBe(id);
    expect(id).toMatch(/^marketing-director@sqls_delivered@all@2026-08@/);
    // It names a file where messages are kept as files.
    expect(id).toMatch(/^[A-Za-z0-9][A-Za-z0-9._@=+-]{0,199}$/);
    expect(flagAlert(anSqlFlag({ verdict: 'review' }), context).id).not.toBe(id);
    expect(flagAlert(heldAs(1), context).id).not.toBe(id);
    expect(flagAlert(anSqlFlag({ evidence: `sha256:${'00'.repeat(32)}` }), context).id).not.toBe(id);
  });

  it('stays one ASCII line of 100 and a short text of 160 characters whatever it is told', () => {
    const hostile = anSqlFlag({
      unit: `é\u202E\n${'x'.repeat(300)}`,
      planTitle: '\u001b[31mred',
      findings: [aFinding({ text: `a\r\nBcc: all\u2066${'y'.repeat(10_000)}` })],
    });
    const alert = flagAlert(hostile, { ...context, organisation: 'z'.repeat(10_000) });
    expect(alert.subject).toMatch(/^[ -~]{1,100}$/);
    expect(alert.short.length).toBeLessThanOrEqual(160);
    for (const mark of '\u001b\u202e\u2066\r') expect(alert.long).not.toContain(mark);
    expect(alert.long).not.toMatch(/^Bcc:/m);
    expect(alert.long.length).toBeLessThan(10_000);
  });

  it('says when there is no claim and nothing verified', () => {
    const alert = flagAlert(
      anSqlFlag({ claimed: null, verified: null, claimedFrom: 'awaiting_claim' }),
      context,
    );
    expect(alert.subject).toContain('no claim yet, none verified');
  });

  it('uses no word of blame', () => {
    const { subject, long, short } = flagAlert(anSqlFlag(), context);
    expect(`${subject}${long.replace(/^Flag: .*$/m, '')}${short}`).not.toMatch(
      /fraud|cheat|fake|guilt|suspect|suspicious|manipulat|blame/i,
    );
  });
});

const isNews = (told: Assessment | null, current: Assessment) =>
  isMaterialChange(told && toldOf(told), toldOf(current));

describe('a material change', () => {
  it('is a first flag, but not a first clear number', () => {
    expect(isNews(null, anSqlFlag())).toBe(true);
    expect(isNews(null, anAssessment({ verdict: 'unable_to_certify' }))).toBe(true);
    expect(isNews(null, anAssessment())).toBe(false);
  });

  it('is another verdict, also back to clear', () => {
    expect(isNews(anSqlFlag(), anSqlFlag({ verdict: 'review' }))).toBe(true);
    expect(isNews(anSqlFlag(), anSqlFlag({ verdict: 'clear' }))).toBe(true);
    expect(isNews(anSqlFlag(), anSqlFlag({ claimed: 101 }))).toBe(false);
  });

  it('is held money that moved by 5 % or more', () => {
    expect(isNews(heldAs(10_000), heldAs(9_500))).toBe(true);
    expect(isNews(heldAs(10_000), heldAs(9_501))).toBe(false);
    expect(isNews(heldAs(0), heldAs(1))).toBe(true);
    expect(isNews(heldAs(0), heldAs(0))).toBe(false);
  });

  it('is no settling of a number that stays clear', () => {
    const before = anAssessment({
      state: 'ended',
      money: { ...anAssessment().money, payable: 0, held: 55556 },
    });
    expect(isNews(before, anAssessment())).toBe(false);
  });
});

describe('a failure alert', () => {
  const run = {
    organisation: 'Acme',
    id: 'daily-2026-09-09',
    kind: 'daily' as const,
    scheduledFor: '2026-09-09',
    step: 'ingest',
    troubles: ['the bucket could not be read'],
  };

  it('goes to failures only and names the step', () => {
    const alert = failureAlert(run);
    expect(alert.topics).toEqual(['failures']);
    expect(alert.subject).toBe('[FAILED] daily run 2026-09-09: failed at ingest');
    expect(alert.long).toContain('the bucket could not be read');
  });

  it('names what was refused when no step failed, twenty lines at most', () => {
    const troubles = [
      'leads.csv: line 3: expected a date',
      ...Array.from({ length: 30 }, (_, i) => `file ${i}`),
    ];
    const alert = failureAlert({ ...run, step: null, troubles });
    expect(alert.subject).toBe('[DATA] daily run 2026-09-09: data missing or refused');
    expect(alert.long).toContain('- leads.csv: line 3: expected a date');
    expect(alert.long).toContain('- and 11 more');
    expect(alert.id).not.toBe(failureAlert(run).id);
  });

  it('names a late source, when its file was due, and when the last one came', () => {
    const late = {
      organisation: 'Acme',
      source: 'crm',
      dataset: 'leads',
      lastArrival: '2026-09-06',
      due: '2026-09-07',
    };
    const alert = lateSourceAlert(late);
    expect(alert).toMatchObject({ id: 'late@crm@leads@2026-09-06', topics: ['failures'] });
    expect(alert.subject).toBe('[LATE] crm: leads were due on 2026-09-07');
    expect(alert.long).toContain('the last one arrived on 6 Sep 2026');
    expect(lateSourceAlert({ ...late, lastArrival: null, due: null }).long).toContain('none ever arrived');
  });
});
