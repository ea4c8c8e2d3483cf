import { beforeAll, describe, expect, it } from 'vitest';
import type { DecideOptions } from '../../lib/local/decide-command.ts';
import { filesOf, madeCompany, overclaiming } from './made-company.ts';
import { ended, fresh, started, told, type Workplace, workplace } from './workplace.ts';

const flag = 'director/sqls_delivered/2025-07';
let place: Workplace;
beforeAll(async () => {
  place = await workplace(filesOf(overclaiming(madeCompany())));
  expect((await place.run()).code).toBe(1);
});

async function decide(options: Partial<DecideOptions>, of = flag) {
  const { decideFlag } = await fresh(() => import('../../lib/local/decide-command.ts'));
  return told(place.folder, (stage) => decideFlag(of, { side: 'finance', ...options }, stage));
}
async function explain() {
  const { explain: command } = await fresh(() => import('../../lib/local/explain-command.ts'));
  return told(place.folder, (stage) => command(flag, {}, stage));
}

describe('a wrong call of decide ends 3 and names the right form:', () => {
  const by = 'Ann';
  const whole = { clear: true, reason: 'other', comment: 'x', by } as const;
  it.each<[string, Partial<DecideOptions>, string]>([
    ['nothing to do', { by }, 'bonafide decide FLAG --clear --reason CODE --comment TEXT --by PERSON'],
    ['two things at once', { ...whole, confirm: true }, '--clear and --confirm exclude each other'],
    ['nobody', { ...whole, by: undefined }, '--by says who decides'],
    ['no comment', { ...whole, comment: undefined }, 'a second person: add --comment'],
    ['no reason', { ...whole, reason: undefined }, 'reason codes are planned_activity, tracking_break'],
    ['another reason', { ...whole, reason: 'luck' }, 'expected one of planned_activity'],
    ['no such side', { ...whole, side: 'legal' }, '--side: expected marketing, sales, finance, got "legal"'],
    [
      'half an SQL',
      { ...whole, clear: undefined, partly: '7.5' },
      '--partly: expected a whole number, got "7.5"',
    ],
    ['words for a number', { ...whole, clear: undefined, partly: 'many' }, 'a whole number, got "many"'],
    ['a comment on approval', { approve: true, comment: 'x', by }, '--comment does not go with --approve'],
    ['files without a reply', { ...whole, attach: ['a'] }, 'there is no file a that can be read'],
    ['an empty reply', { reply: ' ', by }, '--reply: expected a text that is not empty'],
  ])('%s', async (_, options, message) => {
    const end = await decide(options);
    expect([end.code, end.out]).toEqual([3, '']);
    expect(end.err).toContain(message);
  });

  it('a flag there is none of', async () => {
    const end = await decide(whole, 'director/sqls_delivered/2025-06');
    expect(end).toMatchObject({ code: 3, err: expect.stringContaining('there are for example director/') });
  });
});

describe('a flag', () => {
  it('is replied to, proposed on and decided by two people; the next run and the explanation follow', async () => {
    await place.write({ 'guests.csv': 'a\n' });
    const answer = { reply: 'Guests of the fair', attach: ['guests.csv'], by: 'Dana', side: 'marketing' };
    expect((await decide(answer)).out).toBe(
      'director/sqls_delivered/all/2025-07: the reply of Dana is kept.\n',
    );
    const proposed = await decide({
      clear: true,
      reason: 'other',
      comment: 'fair',
      by: 'Cy',
      side: 'marketing',
    });
    expect(proposed.out).toContain('is in review: a second person, of sales or finance, approves it with');
    const alone = await decide({ approve: true, by: 'Di', side: 'marketing' });
    expect(alone).toMatchObject({ code: 3, err: expect.stringContaining('whose pay depends on it') });
    const approved = await decide({ approve: true, by: 'Fay' });
    expect(approved.out).toBe(
      'director/sqls_delivered/all/2025-07 is cleared: payable USD 333.33, held USD 0.00, refused USD 0.00.\n',
    );
    const { out } = await explain();
    expect(out).toContain('cleared at 26 by Cy (marketing) and Fay (finance), other: fair');
    expect(out).toContain('refused: Di (marketing), approving');

    const again = await place.run();
    expect(again.out).toContain('Nothing changed since the last run.');
    const [, , sqls] = (await place.flags()).flags;
    expect(sqls!.money).toMatchObject({ payable: 33333, held: 0, refused: 0 });
  });

  it('is decided by the command in a process of its own', async () => {
    const args = ['decide', flag, '--confirm', '--instead', '--reason', 'data_error', '--comment', 'x'];
    const end = await ended(started(place.folder, [...args, '--by', 'Sam', '--side', 'sales', '--json']));
    expect(end.code).toBe(0);
    expect(JSON.parse(end.out)).toMatchObject({ state: 'in_review', isNew: true, money: { payable: 33333 } });
  });
});
