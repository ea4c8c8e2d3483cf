import * as z from 'zod';
import type { Row } from '../model/datasets.ts';
import { dayNumber } from '../model/day.ts';
import { defineCheck, fail, insufficientData, notApplicable, pass } from './check.ts';
import { passedP, reviewP, share, watchP } from './levels.ts';
import { offlineNames, offlineRule } from './offline-lead.ts';
import { recordDays } from './record-days.ts';
import { severityOf, shareTest } from './share-test.ts';

/** Leads that nobody could reach: at least two signs each, since one alone is ordinary. */
export const unreachableLeads = defineCheck({
  id: 'unreachable-leads',
  version: 1,
  family: 'mix',
  side: 'marketing',
  scope: 'unit',
  kpi: 'leads',
  question: 'Are the records sound?',
  messages: {
    unreachable:
      '{unreachable} of {leads} leads show {signs} signs at least that they cannot be reached; {ownShare:percent} is usual.',
  },
  innocent: [
    'a form that asks for less, or checks less, than before',
    'an audience that protects its addresses',
    'an import that lost or damaged phone numbers and visits',
  ],
  clears: 'a sample of the leads tried by phone and mail, with the answers',
  policy: z.strictObject({
    signs: z
      .int()
      .min(1)
      .default(2)
      .describe(
        'least signs a lead: address malformed or disposable, phone impossible, no visit before a web form',
      ),
    minShare: share.default(0.05).describe('least share of the leads of the period'),
    minRecords: z.int().min(1).default(5).describe('least unreachable leads'),
    watchP,
    reviewP,
    floor: share.default(0.02).describe("least own share of unreachable leads the period's is held against"),
    maxUnparsable: share
      .default(0.5)
      .describe(
        "share of the unit's phone numbers that cannot be read above which none is called impossible",
      ),
    offline: z
      .array(z.string())
      .default([...offlineNames])
      .describe('sources, media, channels and forms, in lower case, of leads that come without a visit'),
  }),
  evaluate({ history, from, to, isBaselineDay }, policy) {
    if (!history.leads) return notApplicable('no-lead-records');
    const { rows } = history.leads;
    const isOffline = offlineRule(policy.offline);
    const numbered = rows.filter((r) => r.phone_sign !== null);
    const unparsable = numbered.filter((r) => r.phone_sign === 'unparsable').length;
    const isPhoneJudged = numbered.length > 0 && unparsable <= policy.maxUnparsable * numbered.length;
    const signsOf = (lead: Row<'leads'>) => ({
      address: lead.email_sign !== null && lead.email_sign !== 'ok',
      phone: isPhoneJudged && lead.phone_sign === 'impossible',
      visit: lead.total_visits === 0 && lead.form !== null && !isOffline(lead),
    });
    const days = recordDays(rows, 'created_at');
    const origin = dayNumber(history.firstDay);
    const counts = { marked: 0, of: 0, markedBefore: 0, ofBefore: 0 };
    const kinds = { address: 0, phone: 0, visit: 0 };
    const records: string[] = [];
    for (let i = 0; i < rows.length; i += 1) {
      const day = days[i]! - origin;
      const isIn = day >= from && day < to;
      if (!isIn && !isBaselineDay('leads', day)) continue;
      const signs = signsOf(rows[i]!);
      const isMarked = Number(signs.address) + Number(signs.phone) + Number(signs.visit) >= policy.signs;
      if (!isIn) {
        counts.ofBefore += 1;
        if (isMarked) counts.markedBefore += 1;
        continue;
      }
      counts.of += 1;
      if (!isMarked) continue;
      counts.marked += 1;
      records.push(rows[i]!.lead_id);
      for (const kind of ['address', 'phone', 'visit'] as const) if (signs[kind]) kinds[kind] += 1;
    }
    if (counts.of === 0) return insufficientData('no-leads-in-period');
    if (!rows.some((r) => r.email_sign !== null || r.phone_sign !== null))
      return notApplicable('no-addresses');
    const test = shareTest(counts, policy.floor, policy.watchP);
    const data = {
      unreachable: counts.marked,
      leads: counts.of,
      signs: policy.signs,
      ownShare: test.ownShare,
      unreachableBefore: counts.markedBefore,
      leadsBefore: counts.ofBefore,
      badAddress: kinds.address,
      impossiblePhone: kinds.phone,
      noVisit: kinds.visit,
    };
    const isMuch = counts.marked >= policy.minRecords && test.share >= policy.minShare;
    const severity = isMuch ? severityOf(test.p, policy) : null;
    if (!severity) return pass(passedP(test.p, policy.watchP), data);
    return fail({
      messageId: 'unreachable',
      severity,
      p: test.p,
      effect: test.share,
      expected: test.expected,
      observed: counts.marked,
      range: [0, test.limit],
      data,
      records,
    });
  },
});
