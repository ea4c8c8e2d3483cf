import { acceptanceRubberStamp } from './acceptance-rubber-stamp.ts';
import { acceptanceShortfall } from './acceptance-shortfall.ts';
import { agedSqls } from './aged-sqls.ts';
import type { Check } from './check.ts';
import { claimMismatch } from './claim-mismatch.ts';
import { coverage } from './coverage.ts';
import { definitionDrift } from './definition-drift.ts';
import { digitPattern } from './digit-pattern.ts';
import { duplicateLeads } from './duplicate-leads.ts';
import { funnelOrder } from './funnel-order.ts';
import { justOverTarget } from './just-over-target.ts';
import { lateEntry } from './late-entry.ts';
import { leadBurst } from './lead-burst.ts';
import { leadsWithoutTraffic } from './leads-without-traffic.ts';
import { periodEndSurge } from './period-end-surge.ts';
import { presaleInMarketingBudget } from './presale-in-marketing-budget.ts';
import { rejectionWithoutCause } from './rejection-without-cause.ts';
import { restated } from './restated.ts';
import { sourceMixShift } from './source-mix-shift.ts';
import { sqlsWithoutLeads } from './sqls-without-leads.ts';
import { stopAfterTarget } from './stop-after-target.ts';
import { tooSmooth } from './too-smooth.ts';
import { trafficSpike } from './traffic-spike.ts';
import { trafficWithoutLeads } from './traffic-without-leads.ts';
import { unengagedTraffic } from './unengaged-traffic.ts';
import { unreachableLeads } from './unreachable-leads.ts';
import { unworkedSqls } from './unworked-sqls.ts';

/** Every check, in the order of the questions they answer (SPEC 7). */
export const checks: readonly Check[] = [
  // Is the data complete?
  coverage,
  claimMismatch,
  restated,
  definitionDrift,
  // Did volume move alone?
  trafficSpike,
  trafficWithoutLeads,
  leadsWithoutTraffic,
  sqlsWithoutLeads,
  agedSqls,
  unengagedTraffic,
  sourceMixShift,
  tooSmooth,
  digitPattern,
  // Does sales agree?
  acceptanceShortfall,
  acceptanceRubberStamp,
  rejectionWithoutCause,
  unworkedSqls,
  // Are the records sound?
  funnelOrder,
  duplicateLeads,
  unreachableLeads,
  leadBurst,
  // Does the timing follow the target?
  periodEndSurge,
  lateEntry,
  justOverTarget,
  stopAfterTarget,
  // Whose money is it?
  presaleInMarketingBudget,
] as readonly Check[];
