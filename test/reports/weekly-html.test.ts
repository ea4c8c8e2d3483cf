import { describe, expect, it } from 'vitest';
import { weeklyHtml } from '../../lib/reports/weekly-html.ts';
import { hostileReport } from './hostile-report.ts';
import { aFinding, aLargeReport, anAssessment, anAugust, anSqlFlag, aReport } from './sample.ts';

const text = (page: string) =>
  page
    .replace(/<style[\s\S]*?<\/style>/g, '')
    .replace(/<[^>]+>/g, ' ')
    .replace(/\s+/g, ' ');

describe('the weekly page', () => {
  it('begins with the first sentence and shows what page one promises', async () => {
    const page = await weeklyHtml(aReport());
    const front = text(page.slice(page.indexOf('<section class="front">'), page.indexOf('</section>')));
    expect(front).toContain(
      '2 of 3 August bonus metrics can be certified; USD 555.55 of USD 1,666.67 waits for a decision due 14 Sep.',
    );
    for (const word of [
      'Claimed',
      'Verified',
      'Verdict',
      'Held',
      'does not reconcile',
      'certified, noted',
      'The funnel, 13 weeks',
    ])
      expect(front).toContain(word);
    expect(front.lastIndexOf('Decisions needed')).toBeGreaterThan(front.lastIndexOf('The funnel'));
  });

  it('says each finding in a sentence, with range, ordinary explanations and what would clear it', async () => {
    const page = text(await weeklyHtml(aReport()));
    expect(page).toContain('At most 50 of 100 SQLs can still be accepted; the agreed floor is 60 %.');
    expect(page).toContain('78 (ordinary range 68–87)');
    expect(page).toContain('a new sales team still learning the criteria');
    expect(page).toContain('a review of a sample of the rejected SQLs by both sides');
    expect(page).toContain('Without the disputed units the target is missed.');
  });

  it('says on page one why a decision is needed', async () => {
    const page = await weeklyHtml(aReport());
    const front = text(page.slice(0, page.indexOf('</section>')));
    expect(front).toMatch(/SQLs, August 2026\s+50 not accepted by sales, undisputed\s+USD 555\.55/);
  });

  it('explains a check where it is named first, not again for every month', async () => {
    const assessments = ['2026-07', '2026-08'].map((period) =>
      anSqlFlag({ period, reasons: ['not calibrated'] }),
    );
    const page = text(await weeklyHtml(aReport({ assessments })));
    expect(page.match(/the agreed floor is 60 %\./g)).toHaveLength(2);
    expect(page.match(/a new sales team still learning the criteria/g)).toHaveLength(1);
    expect(page.match(/Not calibrated\./g)).toHaveLength(1);
  });

  it('does not call noted what was held and then decided', async () => {
    const decision = { kind: 'cleared', value: 100, reason: 'planned_activity', at: '2026-09-10' } as const;
    const page = text(await weeklyHtml(aReport({ assessments: [anSqlFlag({ decision })] })));
    expect(page).toContain('cleared by decision');
    expect(page).not.toContain('Odd enough to say');
  });

  it('names ten records and how many more there are', async () => {
    const page = text(await weeklyHtml(aReport()));
    expect(page).toContain('SQL-2310 and 40 more');
    expect(page).not.toContain('SQL-2311');
  });

  it('gives the same bytes for the same report', async () => {
    expect(await weeklyHtml(aReport())).toBe(await weeklyHtml(aReport()));
  });

  it('runs no script and asks for nothing outside', async () => {
    const page = await weeklyHtml(aReport());
    expect(page).not.toMatch(/<script|<link|<img|<iframe|<object|\son\w+=|@import|url\((?!#)|javascript:/i);
    expect(page.match(/https?:\/\/[^"' )]+/g)?.every((url) => url === 'http://www.w3.org/2000/svg')).toBe(
      true,
    );
  });

  it('marks the flagged stretch in the chart and says it in words', async () => {
    const page = await weeklyHtml(aReport());
    expect(page.match(/<div class="charts">[\s\S]*?<\/div>/)![0].match(/<svg/g)).toHaveLength(4);
    expect(page).toMatch(/>flagged<\/text>/);
    expect(page).toMatch(/aria-label="SQLs over 26 weeks: [^"]*Flagged: 1 Aug to 31 Aug\."/);
  });

  it('lists what cannot be certified with its reason and the checks that could not tell', async () => {
    const unable = anAssessment({
      verdict: 'unable_to_certify',
      reasons: ['14 % of the days are missing or refused'],
      outcomes: [{ check: 'traffic-spike', status: 'insufficient_data', reason: 'few-valid-days', data: {} }],
    });
    const page = text(await weeklyHtml(aReport({ assessments: [unable] })));
    expect(page).toContain('What cannot be certified, and why');
    expect(page).toContain('14 % of the days are missing or refused');
    expect(page).toContain('traffic-spike (few valid days)');
  });

  it('lists a sales-side finding once, apart from marketing', async () => {
    const sales = aFinding({
      side: 'sales',
      check: 'unworked-sqls',
      text: '12 SQLs wait longer than agreed.',
    });
    const assessments = [
      anSqlFlag({ findings: [sales] }),
      anAssessment({ kpi: 'sqls_accepted', findings: [sales] }),
    ];
    const page = text(await weeklyHtml(aReport({ assessments })));
    expect(page.match(/12 SQLs wait longer than agreed\./g)).toHaveLength(1);
    expect(page.indexOf("On sales' side")).toBeLessThan(page.indexOf('12 SQLs wait'));
  });

  it('shows a missing value as a dash, never as zero', async () => {
    const unclaimed = anAssessment({
      claimed: null,
      counted: null,
      verified: null,
      claimedFrom: 'awaiting_claim',
    });
    const page = text(await weeklyHtml(aReport({ assessments: [unclaimed] })));
    expect(page).toContain('–');
    expect(page).toContain('no claim yet');
  });

  it('is a page also when nothing has been judged and nothing arrived', async () => {
    const page = await weeklyHtml(
      aReport({ assessments: [], openPeriods: [], funnel: [], coverage: [], calendar: [] }),
    );
    expect(text(page)).toContain('No complete period has been judged yet.');
    expect(text(page)).toContain('None this week.');
  });

  it.each([
    ['markup', `<script>alert(1)</script><img src=x onerror="a()">'"</style></title>&`],
    ['text that turns reading direction', 'safe\u202Eetadilav\u2066 \u061c'],
    ['ten thousand characters', 'W'.repeat(10_000)],
  ])('keeps %s inert', async (_, hostile) => {
    const page = await weeklyHtml(hostileReport(hostile));
    expect(/<script|<img|onerror="/.test(page)).toBe(false);
    expect(/[\u202a-\u202e\u2066-\u2069\u061c]/.test(page)).toBe(false);
    expect(page.includes('W'.repeat(1000))).toBe(false);
    expect(page.match(/<\/style>/g)).toHaveLength(1);
    expect(page.length).toBeLessThan(200_000);
  });

  it('stays under 1 MB for 50 plans and two years', async () => {
    const page = await weeklyHtml(aLargeReport(50, 24));
    expect(Buffer.byteLength(page)).toBeLessThan(1_000_000);
    expect(text(page)).toContain('more flags in report.json');
  });

  it('stays under 1 MB when every number of 50 plans is flagged at length', async () => {
    const report = aLargeReport(50, 24);
    const long = 'word '.repeat(100);
    const names = Array.from({ length: 400 }, (_, i) => `${'n'.repeat(90)}-${i}`);
    const finding = aFinding({ text: long, records: names, sources: names });
    const assessments = report.assessments.map((a) =>
      anSqlFlag({ ...a, verdict: 'suspect', findings: Array(12).fill(finding), reasons: [long] }),
    );
    const checks = report.checks.map((c) => ({ ...c, innocent: [long, long, long], clears: long }));
    const page = await weeklyHtml({ ...report, assessments, checks });
    expect(Buffer.byteLength(page)).toBeLessThan(1_000_000);
  });

  it('uses no word of blame in its own texts', async () => {
    const page = text(
      await weeklyHtml(aReport({ assessments: [...anAugust(), anSqlFlag({ period: '2026-07' })] })),
    );
    expect(page).not.toMatch(
      /fraud|cheat|fake|steal|lie[sd]?\b|liar|guilt|suspicious|suspect|manipulat|dishonest|culprit|blame/i,
    );
  });
});
