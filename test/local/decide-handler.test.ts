import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { Party } from '../../lib/model/decision.ts';
import { filesOf, madeCompany, overclaiming } from './made-company.ts';
import { fresh, told, type Workplace, workplace } from './workplace.ts';

const flag = 'director/sqls_delivered/2025-07';
let place: Workplace;
beforeAll(async () => {
  place = await workplace(filesOf(overclaiming(madeCompany())));
  expect((await place.run()).code).toBe(1);
});
afterAll(() => vi.unstubAllEnvs());

interface Answer {
  readonly statusCode: number;
  readonly body: string;
}

/** Calls the function of a side as Lambda does for its address, on the embedded servers. */
async function call(
  party: Party,
  session: string,
  body: unknown,
  role = `decide-${party}`,
  isBase64 = false,
) {
  vi.stubEnv('SIDE', party);
  vi.stubEnv('DECIDER_ROLE', `decide-${party}`);
  const { withLeftByRun } = await fresh(() => import('../../lib/local/left-by-run.ts'));
  let answer: Answer | undefined;
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  await told(place.folder, (stage) =>
    withLeftByRun(stage, join(place.folder, 'out', 'alerts'), async () => {
      const { handler } = await import('../../functions/decide.ts');
      answer = (await handler({
        body: isBase64 ? Buffer.from(text).toString('base64') : text,
        isBase64Encoded: isBase64,
        requestContext: {
          authorizer: {
            iam: { userArn: `arn:aws:sts::111122223333:assumed-role/${role}/${session}`, accountId: '1' },
          },
        },
      })) as Answer;
      return 0;
    }),
  );
  return { status: answer!.statusCode, ...(JSON.parse(answer!.body) as Record<string, unknown>) };
}

const clearing = { act: 'propose', flag, kind: 'cleared', reason: 'other', comment: 'a fair' };

describe('the function that people call', () => {
  it('takes an act from a session of its role, and the side from itself', async () => {
    expect(await call('marketing', 'dana', clearing)).toMatchObject({ status: 200, state: 'in_review' });
    expect(await call('marketing', 'cy', { act: 'approve', flag })).toMatchObject({
      status: 403,
      error: expect.stringContaining('whose pay depends on it'),
    });
    expect(await call('sales', 'sam', { act: 'approve', flag }, undefined, true)).toMatchObject({
      status: 200,
      state: 'cleared',
      money: { held: 0, payable: 33333 },
    });
  });

  it.each([
    ['a side in what is sent', { ...clearing, side: 'finance' }, 400],
    ['a name in what is sent', { ...clearing, by: 'fay' }, 400],
    ['no JSON', 'clear it', 400],
    ['no such flag', { ...clearing, flag: 'director/leads/2020-01' }, 404],
    ['a number out of range', { ...clearing, kind: 'partly_confirmed', value: -1 }, 400],
  ])('refuses %s', async (_, body, status) => {
    expect(await call('finance', 'fay', body)).toMatchObject({ status, error: expect.any(String) });
  });

  it('refuses everybody who has not assumed its role', async () => {
    expect(await call('finance', 'root', clearing, 'admin')).toEqual({
      status: 403,
      error: 'only sessions of the role decide-finance may call this',
    });
  });
});
