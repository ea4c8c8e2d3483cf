import { describe, expect, it } from 'vitest';
import { weeklyHtml } from '../../lib/reports/weekly-html.ts';
import { anIncident, aReport } from './sample.ts';

const heading = '<h2>Days that were off</h2>';
const sectionOf = (page: string) => page.slice(page.indexOf(heading)).split('</section>')[0]!;

describe('the incidents of a weekly report', () => {
  it('are left out where there were none', async () => {
    expect(await weeklyHtml(aReport())).not.toContain(heading);
  });

  it('leave page one as it is', async () => {
    const first = (page: string) => page.slice(0, page.indexOf('<h2>', page.indexOf('<h2>') + 1));
    expect(first(await weeklyHtml(aReport({ incidents: [anIncident()] })))).toBe(
      first(await weeklyHtml(aReport())),
    );
  });

  it('tell days, numbers, standing and what is known, open ones first', async () => {
    const incidents = [
      anIncident(),
      anIncident({
        id: 'leads.spike.2026-07-30',
        metric: 'leads',
        direction: 'spike',
        from: '2026-07-30',
        to: '2026-07-31',
        state: 'open',
        ending: null,
        provisional: true,
        contributors: { by: 'channel', names: ['paid<b>'], share: 0.8 },
        explainedBy: { kind: 'campaign', from: '2026-07-28', to: '2026-08-10', declaredOn: '2026-07-01' },
      }),
    ];
    const section = sectionOf(await weeklyHtml(aReport({ incidents })));
    for (const part of [
      'Visitors, drop',
      '3 Aug to 5 Aug',
      '290 (240–345)',
      'open, provisional, explained',
      'Mostly channel paid&lt;b&gt; (80 % of it). Explained by campaign from 28 Jul to 10 Aug, declared on 1 Jul.',
    ])
      expect(section).toContain(part);
    expect(section.indexOf('Leads, spike')).toBeLessThan(section.indexOf('Visitors, drop'));
  });

  it('stay short when there are many, and say what is left out', async () => {
    const incidents = Array.from({ length: 90 }, (_, i) => anIncident({ unit: `region-${i}` }));
    const section = sectionOf(await weeklyHtml(aReport({ incidents })));
    expect(section).toContain('50 more incidents in report.json.');
  });
});
