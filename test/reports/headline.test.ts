import { describe, expect, it } from 'vitest';
import type { Assessment } from '../../lib/model/flag.ts';
import { headline } from '../../lib/reports/headline.ts';
import { anAssessment, anAugust, anSqlFlag, aReport } from './sample.ts';

const sentence = (assessments: Assessment[], asOf = '2026-09-09') =>
  headline(aReport({ assessments, asOf })).sentence;
const [visitors, leads, sqls] = anAugust() as [Assessment, Assessment, Assessment];
const noMoney = { currency: 'USD', claimed: 0, payable: 0, held: 0, refused: 0, waiting: 0 };
const unable = anAssessment({
  kpi: 'leads',
  verdict: 'unable_to_certify',
  money: { currency: 'USD', claimed: 55556, payable: 0, held: 55556, refused: 0, waiting: 0 },
});

describe('the first sentence', () => {
  it('says what waits and until when, word for word as promised', () => {
    expect(sentence([visitors, leads, sqls])).toBe(
      '2 of 3 August bonus metrics can be certified; USD 555.55 of USD 1,666.67 waits for a decision due 14 Sep.',
    );
  });

  it('says of a due date that is over that it was', () => {
    expect(sentence([visitors, leads, sqls], '2026-09-19')).toContain(
      'waits for a decision that was due 14 Sep.',
    );
    expect(sentence([visitors, anSqlFlag({ money: noMoney })], '2026-09-19')).toContain(
      'no pay is held, a decision was due 14 Sep.',
    );
  });

  it('says that all can be paid when all is certified', () => {
    expect(sentence([visitors, leads])).toBe(
      '2 of 2 August bonus metrics can be certified; all of USD 1,111.12 can be paid.',
    );
  });

  it('names a single metric in the singular', () => {
    expect(sentence([visitors])).toBe(
      '1 of 1 August bonus metric can be certified; all of USD 555.56 can be paid.',
    );
  });

  it('tells lack of data from a flag', () => {
    expect(sentence([visitors, unable])).toBe(
      '1 of 2 August bonus metrics can be certified; USD 555.56 of USD 1,111.12 waits for more data or a decision due 14 Sep.',
    );
  });

  it('splits held money by what it waits for', () => {
    expect(sentence([visitors, unable, sqls])).toBe(
      '1 of 3 August bonus metrics can be certified; USD 1,111.11 of USD 1,666.67 is held: USD 555.55 waits for a decision due 14 Sep, USD 555.56 waits for more data or a decision due 14 Sep.',
    );
  });

  it('waits for settling data without calling it a decision', () => {
    const settling = anAssessment({ state: 'ended', money: { ...visitors.money, payable: 0, held: 55556 } });
    expect(sentence([settling])).toBe(
      '1 of 1 August bonus metric can be certified; USD 555.56 of USD 555.56 waits until the data settle on 5 Sep.',
    );
  });

  it('asks for a decision also where no pay depends on it', () => {
    expect(sentence([visitors, anSqlFlag({ money: noMoney })])).toContain(
      'no pay is held, a decision is due 14 Sep.',
    );
  });

  it('says when no claim has arrived', () => {
    const unclaimed = anAssessment({ claimed: null, claimedFrom: 'awaiting_claim', money: noMoney });
    expect(sentence([unclaimed])).toBe(
      '1 of 1 August bonus metric can be certified; no claim has arrived yet.',
    );
    expect(sentence([visitors, { ...unclaimed, kpi: 'leads' }])).toContain(
      'can be paid, 1 claim is still to come.',
    );
  });

  it('counts what a decision cleared as certified, and what it confirmed as not', () => {
    const decision = { value: null, reason: 'data_error', at: '2026-09-08' } as const;
    const paid = { ...sqls.money, payable: 55555, held: 0 };
    expect(sentence([anSqlFlag({ decision: { ...decision, kind: 'cleared' }, money: paid })])).toBe(
      '1 of 1 August bonus metric can be certified; all of USD 555.55 can be paid.',
    );
    const refused = { ...sqls.money, held: 0, refused: 55555 };
    expect(
      sentence([visitors, anSqlFlag({ decision: { ...decision, kind: 'confirmed' }, money: refused })]),
    ).toBe('1 of 2 August bonus metrics can be certified; USD 555.56 of USD 1,111.11 can be paid.');
  });

  it('adds up several plans', () => {
    const other = [visitors, sqls].map((a) => ({ ...a, plan: 'sales-manager' }));
    expect(sentence([visitors, leads, sqls, ...other])).toBe(
      '3 of 5 August bonus metrics can be certified; USD 1,111.10 of USD 2,777.78 waits for a decision due 14 Sep.',
    );
  });

  it('names a month and a quarter that end on the same day', () => {
    const both = [
      anAssessment({ period: '2026-09' }),
      anAssessment({ plan: 'vp', period: '2026-Q3' }),
      visitors,
    ];
    expect(sentence(both, '2026-10-05')).toMatch(/^2 of 2 September and Q3 bonus metrics/);
  });

  it('leaves flags without money of the agreement out of the count', () => {
    expect(sentence([visitors, anSqlFlag({ plan: 'agreement', side: 'sales', money: noMoney })])).toMatch(
      /^1 of 1 August/,
    );
  });

  it('leaves open periods out, and says so when nothing is complete', () => {
    expect(sentence([anAssessment({ state: 'open', period: '2026-09' })])).toBe(
      'No complete period has been judged yet.',
    );
  });
});

describe('the decisions needed', () => {
  it('names flag, money, due date and who decides', () => {
    expect(headline(aReport()).decisions).toEqual([
      expect.objectContaining({
        kpi: 'sqls_delivered',
        period: '2026-08',
        asks: 'decision',
        held: 55555,
        due: '2026-09-14',
        isOverdue: false,
        who: 'finance and sales',
      }),
    ]);
  });

  it('is overdue from the day after it was due', () => {
    const at = (asOf: string) => headline(aReport({ asOf })).decisions[0]!.isOverdue;
    expect(at('2026-09-14')).toBe(false);
    expect(at('2026-09-15')).toBe(true);
  });

  it('sums up flags of periods that ended more than 35 days ago', () => {
    const assessments = [...anAugust(), anSqlFlag({ period: '2026-07' }), anSqlFlag({ period: '2026-06' })];
    const onDay35 = headline(aReport({ assessments, asOf: '2026-09-05' }));
    expect(onDay35.decisions.map((d) => d.period)).toEqual(['2026-07', '2026-08']);
    expect(onDay35.undecidedEarlier).toEqual({ count: 1, held: 55555 });
    const onDay36 = headline(aReport({ assessments, asOf: '2026-09-06' }));
    expect(onDay36.undecidedEarlier).toEqual({ count: 2, held: 111110 });
  });

  it('asks nothing once a decision is taken', () => {
    const decided = anSqlFlag({
      decision: { kind: 'confirmed', value: null, reason: 'not_accepted', at: '2026-09-08' },
    });
    expect(headline(aReport({ assessments: [decided] })).decisions).toEqual([]);
  });
});
