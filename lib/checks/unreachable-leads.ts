import * as z from 'zod';
import type { Row } from '../model/datasets.ts';
import { dayNumber } from '../model/day.ts';
import { cutColumn } from '../model/row-cut.ts';
import { defineCheck, insufficientData, notApplicable } from './check.ts';
import { reviewP, share, watchP } from './levels.ts';
import { offlineMarks, offlineNames } from './offline-lead.ts';
import { recordDays } from './record-days.ts';
import { shareResult, shareTest } from './share-test.ts';

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
    const traits = leadTraits(rows);
    const isOffline = offlineMarks(rows, policy.offline);
    let numbered = 0;
    let unparsable = 0;
    let signed = 0;
    for (const trait of traits) {
      if (trait & traitOf.signed) signed += 1;
      if (trait & traitOf.numbered) numbered += 1;
      if (trait & traitOf.unparsable) unparsable += 1;
    }
    const isPhoneJudged = numbered > 0 && unparsable <= policy.maxUnparsable * numbered;
    const days = recordDays(history.leads.startOf ?? rows, 'created_at');
    const origin = dayNumber(history.firstDay);
    const counts = { marked: 0, of: 0, markedBefore: 0, ofBefore: 0 };
    const kinds = { address: 0, phone: 0, visit: 0 };
    const records: string[] = [];
    for (let i = 0; i < rows.length; i += 1) {
      const day = days[i]! - origin;
      const isIn = day >= from && day < to;
      if (!isIn && !isBaselineDay('leads', day)) continue;
      const trait = traits[i]!;
      const address = trait & traitOf.address ? 1 : 0;
      const phone = isPhoneJudged && trait & traitOf.impossible ? 1 : 0;
      const visit = trait & traitOf.unvisited && isOffline[i] === 0 ? 1 : 0;
      const isMarked = address + phone + visit >= policy.signs;
      if (!isIn) {
        counts.ofBefore += 1;
        if (isMarked) counts.markedBefore += 1;
        continue;
      }
      counts.of += 1;
      if (!isMarked) continue;
      counts.marked += 1;
      records.push(rows[i]!.lead_id);
      kinds.address += address;
      kinds.phone += phone;
      kinds.visit += visit;
    }
    if (counts.of === 0) return insufficientData('no-leads-in-period');
    if (signed === 0) return notApplicable('no-addresses');
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
    return shareResult(test, counts, isMuch, policy, { messageId: 'unreachable', data, records });
  },
});

/** What a lead's contact says, one bit each. */
const traitOf = { signed: 1, numbered: 2, unparsable: 4, address: 8, impossible: 16, unvisited: 32 } as const;

const held = new WeakMap<readonly Row<'leads'>[], Uint8Array>();

/** Traits of each lead, read once for all judging dates. */
function leadTraits(rows: readonly Row<'leads'>[]): Uint8Array {
  return cutColumn(rows, (all) => {
    const known = held.get(all);
    if (known) return known;
    const made = Uint8Array.from(all, (lead) => {
      const { email_sign: email, phone_sign: phone } = lead;
      return (
        (email !== null || phone !== null ? traitOf.signed : 0) |
        (phone !== null ? traitOf.numbered : 0) |
        (phone === 'unparsable' ? traitOf.unparsable : 0) |
        (email !== null && email !== 'ok' ? traitOf.address : 0) |
        (phone === 'impossible' ? traitOf.impossible : 0) |
        (lead.total_visits === 0 && lead.form !== null ? traitOf.unvisited : 0)
      );
    });
    held.set(all, made);
    return made;
  });
}
