import { describe, expect, it } from 'vitest';
import { flagsDocument } from '../../lib/reports/flags-json.ts';
import { jsonText, reportDocument } from '../../lib/reports/report-json.ts';
import { anAssessment, anAugust, anSqlFlag, aReport } from './sample.ts';

const of = { organisation: 'Acme', asOf: '2026-09-20' };

describe('flags.json', () => {
  it('has the fields of the schema in their order', () => {
    const document = flagsDocument([anSqlFlag()], of);
    expect(Object.keys(document)).toEqual(['schema', 'asOf', 'organisation', 'flags']);
    const [flag] = document.flags;
    expect(Object.keys(flag!).join(' ')).toBe(
      'plan kpi unit period verdict atRipe raisedOn score assessed policy claimed claimedFrom counted verified money findings',
    );
    expect(Object.keys(flag!.money)).toEqual(['currency', 'claimed', 'payable', 'held', 'refused']);
    expect(Object.keys(flag!.findings[0]!).join(' ')).toBe(
      'check family severity side proof p effect expected observed range messageId text evidence',
    );
  });

  it('holds clear numbers too, and an open period only where it is raised', () => {
    const open = anAssessment({ period: '2026-09', state: 'open' });
    const raised = anSqlFlag({ period: '2026-09', state: 'open' });
    expect(flagsDocument([open, raised], of).flags.map((f) => f.kpi)).toEqual(['sqls_delivered']);
    const flags = flagsDocument([...anAugust(), open], of).flags;
    expect(flags.map((f) => [f.kpi, f.verdict])).toEqual([
      ['visitors', 'watch'],
      ['leads', 'clear'],
      ['sqls_delivered', 'suspect'],
    ]);
  });

  it('gives the same bytes for the same judgements in any order', () => {
    const all = [...anAugust(), anSqlFlag({ period: '2026-07' }), anSqlFlag({ unit: 'emea' })];
    expect(jsonText(flagsDocument(all.toReversed(), of))).toBe(jsonText(flagsDocument(all, of)));
  });

  it('refuses a number judged twice', () => {
    expect(() => flagsDocument([anSqlFlag(), anSqlFlag()], of)).toThrow(/judged twice: marketing-director/);
  });

  it('leaves the judgements it was given in their order', () => {
    const given = [anSqlFlag(), anAssessment()];
    flagsDocument(given, of);
    expect(given[0]!.kpi).toBe('sqls_delivered');
  });
});

describe('report.json', () => {
  it('is the report with the first sentence and the decisions', () => {
    const document = reportDocument(aReport());
    expect(document).toMatchObject(aReport());
    expect(document.headline.sentence).toMatch(/^2 of 3 August/);
    expect(JSON.parse(jsonText(document))).toEqual(document);
  });
});
