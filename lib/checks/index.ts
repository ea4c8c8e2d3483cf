import { acceptanceShortfall } from './acceptance-shortfall.ts';
import { agedSqls } from './aged-sqls.ts';
import type { Check } from './check.ts';
import { claimMismatch } from './claim-mismatch.ts';
import { coverage } from './coverage.ts';
import { duplicateLeads } from './duplicate-leads.ts';
import { funnelOrder } from './funnel-order.ts';
import { lateEntry } from './late-entry.ts';
import { leadsWithoutTraffic } from './leads-without-traffic.ts';
import { rejectionWithoutCause } from './rejection-without-cause.ts';
import { restated } from './restated.ts';
import { sqlsWithoutLeads } from './sqls-without-leads.ts';
import { tooSmooth } from './too-smooth.ts';
import { trafficSpike } from './traffic-spike.ts';
import { trafficWithoutLeads } from './traffic-without-leads.ts';

/** Every check, in the order of SPEC 7's questions. */
export const checks: readonly Check[] = [
  coverage,
  claimMismatch,
  restated,
  trafficSpike,
  trafficWithoutLeads,
  leadsWithoutTraffic,
  sqlsWithoutLeads,
  agedSqls,
  tooSmooth,
  acceptanceShortfall,
  rejectionWithoutCause,
  funnelOrder,
  duplicateLeads,
  lateEntry,
] as readonly Check[];
