import { stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { folderObjects } from '../evidence/objects.ts';
import { verifyEvidence } from '../evidence/verify.ts';
import { exitCodes, type Stage, stateFolder, UserError } from './stage.ts';

/**
 * Recomputes all evidence of a folder, by default what runs left here, and names the first broken link.
 * @returns 0 when all holds, else 3.
 * @throws {UserError} there is no such folder, or it holds no evidence.
 */
export async function verify(
  folder: string | undefined,
  options: { readonly json?: boolean },
  stage: Stage,
): Promise<number> {
  const place =
    folder === undefined ? join(stage.cwd, stateFolder, 's3', 'evidence') : resolve(stage.cwd, folder);
  if (!(await isFolder(place)))
    throw new UserError(
      folder === undefined
        ? 'no run has left evidence in this folder'
        : `there is no folder ${folder} to verify`,
    );
  // A wrong folder must not look like sound evidence.
  if (!(await isFolder(join(place, 'ledger'))))
    throw new UserError(
      `${folder ?? place} holds no evidence: expected a copy of the evidence bucket, with ledger/ and objects/`,
    );
  const found = await verifyEvidence(folderObjects(place));
  if (options.json) stage.out(JSON.stringify(found));
  else {
    stage.out(`${found.entries} ledger entries and ${found.objects} objects recomputed`);
    for (const [chain, { seq, digest }] of Object.entries(found.heads))
      stage.out(`${chain} ends at entry ${seq}, ${digest}`);
    for (const key of found.unlisted) stage.out(`not listed in the ledger: ${key}`);
    const [first, ...rest] = found.broken;
    if (first)
      stage.err(`first broken link: ${first.message}${rest.length > 0 ? `; ${rest.length} more` : ''}`);
    else stage.out('everything holds');
  }
  return found.broken.length > 0 ? exitCodes.error : exitCodes.clear;
}

function isFolder(path: string): Promise<boolean> {
  return stat(path).then(
    (found) => found.isDirectory(),
    () => false,
  );
}
