import { describe, expect, it } from 'vitest';
import type { Plan } from '../../../lib/model/config.ts';
import type { Kpi } from '../../../lib/model/kpi.ts';
import { attachTo } from '../../../lib/pipeline/judging/attach.ts';

const plan = (...kpis: Kpi[]) => ({ kpis: kpis.map((kpi) => ({ kpi })) }) as Plan;

describe('a finding attaches', () => {
  it('to its own KPI where the plan pays on it', () => {
    expect(attachTo(plan('sqls_accepted', 'sqls_delivered'), 'sqls_delivered')).toBe('sqls_delivered');
  });

  it('else to the first KPI of the same dataset', () => {
    expect(attachTo(plan('leads', 'sqls_accepted'), 'sqls_delivered')).toBe('sqls_accepted');
    expect(attachTo(plan('engaged_sessions', 'sessions'), 'visitors')).toBe('engaged_sessions');
  });

  it('to none where the plan pays on nothing of the kind, or the finding names no KPI', () => {
    expect(attachTo(plan('visitors', 'leads'), 'sqls_delivered')).toBeNull();
    expect(attachTo(plan('visitors', 'leads'), null)).toBeNull();
  });
});
