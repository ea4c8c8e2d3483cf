import * as z from 'zod';
import { dayNumber } from '../model/day.ts';
import { type FieldComparison, linkageWeight } from '../statistics/fellegi-sunter.ts';
import { defineCheck, type Failure, fail, insufficientData, notApplicable, pass } from './check.ts';
import { type ChanceAgreement, chanceAgreement, type LeadMatch, leadMatches } from './lead-matches.ts';
import { passedP, reviewP, share, watchP } from './levels.ts';
import { recordDays } from './record-days.ts';
import { severityOf, shareTest } from './share-test.ts';

const level = z.number().gt(0).lt(1);

/** The same person, or an old lead brought back, counted again as a new lead. */
export const duplicateLeads = defineCheck({
  id: 'duplicate-leads',
  version: 1,
  family: 'records',
  side: 'marketing',
  scope: 'unit',
  kpi: 'leads',
  question: 'Are the records sound?',
  messages: {
    repeated:
      '{repeated} of {leads} leads carry the address of a lead of the {months} months before; {ownShare:percent} is usual.',
    probable:
      '{probable} of {leads} leads look like a lead of the {months} months before, with address or company written differently.',
  },
  innocent: [
    'people who fill in several forms, each kept as a lead of its own',
    'an import or a change of system that brought leads in twice',
    'old contacts who came back with a new interest',
  ],
  clears:
    'the rule by which a returning person counts as a new lead, agreed before the period, or the merged list',
  policy: z.strictObject({
    lookBackMonths: z
      .int()
      .min(1)
      .default(13)
      .describe('calendar months before a lead in which an earlier one makes it a duplicate'),
    minShare: share.default(0.05).describe('least share of the leads of the period'),
    minRecords: z.int().min(1).default(5).describe('least duplicates, in leads'),
    watchP,
    reviewP,
    floor: level.default(0.005).describe("least own share of duplicates the period's is held against"),
    phoneKeys: z
      .int()
      .min(2)
      .default(6)
      .describe('least comparison keys of a local part matched with a phone number (about its length + 1)'),
    companyKeys: z
      .int()
      .min(2)
      .default(9)
      .describe('least comparison keys of a local part matched with company and domain'),
    blockSize: z
      .int()
      .min(1)
      .default(200)
      .describe('latest earlier leads of one phone number or company that are compared'),
    prior: level
      .default(0.0005)
      .describe('share of pairs of leads taken to be one person before anything is compared'),
    localSame: level.default(0.95).describe('chance that local parts of one person are near'),
    localDifferent: level.default(0.001).describe('chance that local parts of two people are near'),
    phoneSame: level.default(0.9).describe('chance that phone numbers of one person agree'),
    companySame: level.default(0.85).describe('chance that companies of one person agree'),
    minComparable: share.default(0.5).describe('least share of leads with an address or phone number'),
  }),
  evaluate({ history, from, to, isBaselineDay }, policy) {
    if (!history.leads) return notApplicable('no-lead-records');
    const { rows } = history.leads;
    const days = recordDays(history.leads.startOf ?? rows, 'created_at');
    const origin = dayNumber(history.firstDay);
    // A match only looks back, so it holds for every later date too.
    const matches = leadMatches(history.leads.startOf ?? rows, policy);
    const same: string[] = [];
    const near: string[] = [];
    let posteriors = 0;
    let leads = 0;
    let comparable = 0;
    let before = 0;
    let repeatedBefore = 0;
    for (let i = 0; i < rows.length; i += 1) {
      const day = days[i]! - origin;
      const match = matches[i];
      if (day >= from && day < to) {
        leads += 1;
        if (rows[i]!.email !== null || rows[i]!.phone_last9 !== null) comparable += 1;
        if (!match) continue;
        if (match.rule === 'email') same.push(rows[i]!.lead_id);
        else {
          near.push(rows[i]!.lead_id);
          posteriors += posteriorOf(match, chanceAgreement(rows), policy);
        }
      } else if (isBaselineDay('leads', day)) {
        before += 1;
        if (match) repeatedBefore += 1;
      }
    }
    if (leads === 0) return insufficientData('no-leads-in-period');
    if (comparable < policy.minComparable * leads)
      return insufficientData('few-addresses', { leads, comparable });
    const found = same.length + near.length;
    const test = shareTest(
      { marked: found, of: leads, markedBefore: repeatedBefore, ofBefore: before },
      policy.floor,
      policy.watchP,
    );
    const data = {
      leads,
      repeated: same.length,
      probable: near.length,
      months: policy.lookBackMonths,
      ownShare: test.ownShare,
      leadsBefore: before,
      repeatedBefore,
      ownP: test.p,
      posterior: near.length > 0 ? posteriors / near.length : null,
    };
    const isMuch = found >= policy.minRecords && found >= policy.minShare * leads;
    const severity = isMuch ? severityOf(test.p, policy) : null;
    const shown = {
      // Without the effect a small p is no evidence, so it must not corroborate another finding either.
      p: isMuch ? test.p : null,
      effect: test.share,
      expected: test.expected,
      observed: found,
      range: [0, test.limit] as const,
    };
    const failures: Failure[] = [];
    if (same.length > 0)
      failures.push({ messageId: 'repeated', severity: 'watch', proof: true, ...shown, data, records: same });
    if (near.length > 0 && severity)
      failures.push({ messageId: 'probable', severity, ...shown, data, records: near });
    return failures.length > 0 ? fail(...failures) : pass(passedP(test.p, policy.watchP), data);
  },
});

interface Beliefs {
  readonly prior: number;
  readonly localSame: number;
  readonly localDifferent: number;
  readonly phoneSame: number;
  readonly companySame: number;
}

/** Probability that the two leads of a near match are one person. */
function posteriorOf({ earlier: a, later: b }: LeadMatch, chance: ChanceAgreement, beliefs: Beliefs): number {
  const fields: FieldComparison[] = [
    { agreesIfSame: beliefs.localSame, agreesIfDifferent: beliefs.localDifferent, agrees: true },
  ];
  const compare = (x: string | null, y: string | null, agreesIfSame: number, agreesIfDifferent: number) => {
    if (x !== null && y !== null) fields.push({ agreesIfSame, agreesIfDifferent, agrees: x === y });
  };
  compare(a.phone_last9, b.phone_last9, beliefs.phoneSame, chance.phone);
  // Company and e-mail domain go together, so only one of them may speak.
  compare(a.company_key, b.company_key, beliefs.companySame, chance.company);
  return linkageWeight(fields, beliefs.prior).posterior;
}
