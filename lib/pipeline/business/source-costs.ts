import type { SourceResult } from '../../model/business.ts';
import { dayNumber, dayOf } from '../../model/day.ts';
import type { Span } from '../../model/estimate.ts';
import { type Assessment, isRaised } from '../../model/flag.ts';
import { isAccepted } from '../../model/history.ts';
import { type BusinessRows, costPer, isWithin, trafficOf } from './business-rows.ts';

interface Sums {
  firstSeen: string;
  visitors: number;
  sessions: number;
  engaged: number | null;
  spend: number | null;
}

/**
 * Visits, leads and cost of every traffic source in a span, the dearest first, then those with most visitors.
 * @returns empty without traffic.
 */
export function sourceCosts(
  rows: BusinessRows,
  assessments: readonly Assessment[],
  span: Span,
): SourceResult[] {
  const bySource = new Map<string, Sums>();
  for (const { history, series } of trafficOf(rows)) {
    const origin = dayNumber(history.firstDay);
    series.visitors.forEach((visitors, i) => {
      if (!visitors) return;
      const day = dayOf(origin + i);
      const own = bySource.get(series.name) ?? {
        firstSeen: day,
        visitors: 0,
        sessions: 0,
        engaged: null,
        spend: null,
      };
      bySource.set(series.name, own);
      if (day < own.firstSeen) own.firstSeen = day;
      if (!isWithin(day, span)) return;
      own.visitors += visitors;
      own.sessions += series.sessions[i] ?? 0;
      const engaged = series.engagedSessions?.[i] ?? null;
      if (engaged !== null) own.engaged = (own.engaged ?? 0) + engaged;
      const spend = series.spend?.[i] ?? null;
      if (spend !== null) own.spend = (own.spend ?? 0) + spend;
    });
  }
  const questioned = new Set(
    assessments
      .filter((a) => isRaised(a.verdict))
      .flatMap((a) => a.findings.filter((f) => f.severity === 'review').flatMap((f) => f.sources)),
  );
  const nameOf = (lead: { readonly source: string | null; readonly medium: string | null } | undefined) =>
    lead?.source && lead.medium ? `${lead.source} / ${lead.medium}` : null;
  const tally = (names: Iterable<string | null>) => {
    const counts = new Map<string, number>();
    for (const name of names) if (name !== null) counts.set(name, (counts.get(name) ?? 0) + 1);
    return counts;
  };
  const leads = tally((rows.leads ?? []).filter((l) => isWithin(l.created_at, span)).map(nameOf));
  const accepted = tally(
    (rows.sqls ?? [])
      .filter((s) => isAccepted(s) && isWithin(s.delivered_at, span))
      .map((s) => nameOf(rows.leadById.get(s.lead_id))),
  );
  // Leads that name no source cannot be told apart by source, so nothing is said of their number.
  const isNamed = leads.size > 0;
  return [...bySource]
    .filter(([, own]) => own.visitors > 0)
    .map(([source, own]): SourceResult => {
      const cost = own.spend === 0 ? null : own.spend;
      const counts = isNamed
        ? { leads: leads.get(source) ?? 0, accepted: accepted.get(source) ?? 0 }
        : { leads: null, accepted: null };
      return {
        source,
        firstSeen: own.firstSeen,
        visitors: own.visitors,
        engagedShare: own.engaged === null || own.sessions === 0 ? null : own.engaged / own.sessions,
        spend: cost,
        ...counts,
        perLead: costPer(cost, counts.leads),
        perAccepted: costPer(cost, counts.accepted),
        isQuestioned: questioned.has(source),
      };
    })
    .sort(
      (a, b) =>
        (b.perLead?.value ?? -1) - (a.perLead?.value ?? -1) ||
        (b.spend ?? -1) - (a.spend ?? -1) ||
        b.visitors - a.visitors,
    );
}
