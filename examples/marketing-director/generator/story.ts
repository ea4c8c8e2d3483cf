import { addDays, addMonths, type Day } from '../../../lib/model/day.ts';

/** What happens in the example, and when. All of it is invented. */

/**
 * Seeds of the independent parts. They are chosen among many so that no month of the story is told by a freak of
 * chance (README.md); the checks of the product were not asked.
 */
export const seeds = { visits: 62, traffic: 1, leads: 264, people: 1, sqls: 226, deals: 1 };
export const firstDay: Day = '2024-09-01';
/** Last day with traffic and leads; the export is taken the morning after. */
export const lastDay: Day = '2026-09-19';
export const exportedOn: Day = '2026-09-20';

/** A product launch, announced a month ahead: more visitors from the advertised sources, and as many more leads. */
export const campaign = {
  from: '2025-10-06' as Day,
  to: '2025-10-19' as Day,
  declaredAt: '2025-09-08' as Day,
  lift: {
    'google / cpc': 2.4,
    'linkedin.com / paid-social': 3,
    'newsletter / email': 2,
    '(direct) / (none)': 1.4,
  },
};

/** The analytics tag is moved to another container and counts nothing meanwhile. The site works, leads come in. */
export const trackingGap = {
  from: '2026-01-20' as Day,
  to: '2026-01-22' as Day,
  declaredAt: '2026-01-12' as Day,
};

/** From here on visitors are bought up to just over the target and leads handed over that were never ready. */
export const gamedFrom: Day = '2026-05-01';
export const boughtSource = { source: 'trafficboost.example', medium: 'referral', channel: 'referral' };
/** What the month is brought to: visitors over all sources, and SQLs handed over. September is under way. */
export const gamedMonths: Readonly<Record<string, { visitors: number; sqls: number }>> = {
  '2026-05': { visitors: 5_048, sqls: 100 },
  '2026-06': { visitors: 5_023, sqls: 102 },
  '2026-07': { visitors: 5_091, sqls: 101 },
  '2026-08': { visitors: 5_036, sqls: 100 },
  '2026-09': { visitors: 3_200, sqls: 65 },
};

/** Share of real visitors, of sessions that are engaged, of visitors who become a lead; cost of a session in USD. */
export interface SourceHabit {
  readonly source: string;
  readonly medium: string;
  readonly channel: string;
  readonly share: number;
  readonly engaged: number;
  readonly leadRate: number;
  readonly cost?: number;
}
export const habits: readonly SourceHabit[] = [
  { source: 'google', medium: 'organic', channel: 'organic', share: 0.35, engaged: 0.6, leadRate: 0.1 },
  { source: '(direct)', medium: '(none)', channel: 'direct', share: 0.22, engaged: 0.56, leadRate: 0.105 },
  {
    source: 'google',
    medium: 'cpc',
    channel: 'paid',
    share: 0.15,
    engaged: 0.52,
    leadRate: 0.095,
    cost: 3.1,
  },
  {
    source: 'linkedin.com',
    medium: 'paid-social',
    channel: 'paid',
    share: 0.09,
    engaged: 0.45,
    leadRate: 0.075,
    cost: 4.2,
  },
  { source: 'newsletter', medium: 'email', channel: 'email', share: 0.08, engaged: 0.66, leadRate: 0.12 },
  { source: 'bing', medium: 'organic', channel: 'organic', share: 0.06, engaged: 0.58, leadRate: 0.095 },
  {
    source: 'plantfinder.example',
    medium: 'referral',
    channel: 'referral',
    share: 0.05,
    engaged: 0.62,
    leadRate: 0.11,
  },
];

/** Every day of the example, oldest first. */
export const days: readonly Day[] = (() => {
  const all: Day[] = [];
  for (let day = firstDay; day <= lastDay; day = addDays(day, 1)) all.push(day);
  return all;
})();
/** The complete months, `2024-09` to `2026-08`. */
export const months: readonly string[] = Array.from({ length: 24 }, (_, i) =>
  addMonths(firstDay, i).slice(0, 7),
);

export const monthOf = (day: Day): string => day.slice(0, 7);
export const isWithin = (day: Day, span: { from: Day; to: Day }): boolean =>
  day >= span.from && day <= span.to;
