import type { Removal } from '../model/flag.ts';

/** Why units are taken off a claim, by rule. */
export const removalTexts: Readonly<Record<Removal['rule'], string>> = {
  duplicate: 'counted before (same person)',
  out_of_order: 'out of order',
  not_accepted: 'not accepted by sales, undisputed',
  pending: 'still to be decided',
  source_excess: 'above what comparable days explain',
  probable_duplicate: 'probably counted before',
};
