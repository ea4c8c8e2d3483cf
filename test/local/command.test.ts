import { describe, expect, it } from 'vitest';
import { filesOf, madeCompany, overclaiming, withGap } from './made-company.ts';
import { workplace } from './workplace.ts';

const company = madeCompany();

describe('the exit code of a run', () => {
  it('is 0 when nothing is at review and everything is certified', async () => {
    const place = await workplace(filesOf(company));
    const t = Date.now();
    const end = await place.run();
    console.log(Date.now() - t, end.out, end.err);
    const t2 = Date.now();
    const again = await place.run();
    console.log(Date.now() - t2, again.out, again.err);
    expect(end.code).toBe(0);
  });
  it('is 1', async () => {
    const place = await workplace(filesOf(overclaiming(company)));
    const end = await place.run();
    console.log(end.out, end.err);
    expect(end.code).toBe(1);
  });
  it('is 2', async () => {
    const place = await workplace(filesOf(withGap(company)));
    const end = await place.run();
    console.log(end.out, end.err);
    expect(end.code).toBe(2);
  });
});
