import { mkdir } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { parsePeriod } from '../model/period.ts';
import { NotRipeError, sealPeriod, statementsAt } from '../pipeline/close.ts';
import { closesChain } from '../pipeline/decisions.ts';
import { type LeftByRun, withLeftByRun } from './left-by-run.ts';
import { exitCodes, type Stage, UserError } from './stage.ts';
import { writeWhole } from './whole-file.ts';

export interface CloseOptions {
  readonly out: string;
  /** Writes the statements as they stand and seals nothing. */
  readonly preview?: boolean;
  readonly json?: boolean;
}

/**
 * Seals a ripe period for good and writes its statements and payroll feed to OUT, or with `preview` only writes them.
 * @returns 0.
 * @throws {UserError} the period is not written as one, nothing was judged in it, or it is not ripe.
 */
export async function closePeriod(period: string, options: CloseOptions, stage: Stage): Promise<number> {
  try {
    parsePeriod(period);
  } catch (error) {
    throw new UserError((error as Error).message);
  }
  const out = resolve(stage.cwd, options.out);
  return withLeftByRun(stage, join(out, 'alerts'), async (left) => {
    try {
      // What is sealed is shown as it was sealed.
      const isDraft =
        options.preview && !(await left.ports.ledger.read(closesChain)).some((e) => e.id === period);
      const { digest, isNew, files } = isDraft
        ? { digest: null, isNew: false, files: await drafts(period, left) }
        : await sealed(period, left);
      for (const { name, content } of files) {
        await mkdir(dirname(join(out, name)), { recursive: true });
        await writeWhole(join(out, name), content);
      }
      const names = files.map((file) => join(options.out, file.name));
      if (options.json) stage.out(JSON.stringify({ period, digest, isNew, files: names }));
      else {
        stage.out(
          digest === null
            ? `${period} as it stands on ${left.asOf}, not sealed:`
            : `${period} ${isNew ? 'is' : 'was'} sealed${isNew ? '' : ' before'}: ${digest}`,
        );
        for (const name of names.filter((n) => /statement\.html$|payable\.csv$/.test(n)))
          stage.out(`  ${name}`);
      }
      return exitCodes.clear;
    } catch (error) {
      if (error instanceof NotRipeError) throw new UserError(error.message);
      throw error;
    }
  });
}

interface OutputFile {
  /** Below OUT. */
  readonly name: string;
  readonly content: string | Uint8Array;
}

const nameOf = (key: string) => key.slice('reports/'.length);

async function sealed(period: string, { ports, asOf }: LeftByRun) {
  const { digest, isNew, files } = await sealPeriod(period, asOf, ports);
  const contents: OutputFile[] = [];
  for (const key of files) contents.push({ name: nameOf(key), content: (await ports.reports.get(key))! });
  return { digest, isNew, files: contents };
}

async function drafts(period: string, { ports, asOf }: LeftByRun): Promise<OutputFile[]> {
  const { files } = await statementsAt(period, asOf, 'draft', ports);
  return files.map(({ key, content }) => ({ name: nameOf(key), content }));
}
