import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { LedgerEntry } from '../evidence/ledger.ts';
import { calibrationsChain } from '../pipeline/decisions.ts';

/**
 * Calibrations kept in the evidence of a state folder, read from its files without starting anything.
 *
 * @returns entries of the ledger, oldest first; none without a state folder.
 * @throws {EvidenceError} the ledger is broken.
 */
export async function calibrationsLeft(state: string): Promise<readonly LedgerEntry[]> {
  const folder = join(state, 's3', 'evidence');
  const isThere = await stat(folder).then(
    (s) => s.isDirectory(),
    () => false,
  );
  if (!isThere) return [];
  // Only where there is evidence: what reads it takes longer to load than a small folder to judge.
  const [{ ledgerIn }, { folderObjects }] = await Promise.all([
    import('../evidence/ledger.ts'),
    import('../evidence/objects.ts'),
  ]);
  const refuse = () => Promise.reject(new RangeError('a state folder that is only read takes no evidence'));
  return ledgerIn({ ...folderObjects(folder), putIfAbsent: refuse }).read(calibrationsChain);
}
