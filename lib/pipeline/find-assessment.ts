import type { Assessment } from '../model/flag.ts';
import type { AssessmentRecord } from '../store/flags-store.ts';

/** A name that is no flag, or that names none or several; the message tells what there is. */
export class UnknownFlagError extends Error {
  override readonly name = 'UnknownFlagError';
}

/**
 * Finds the assessment a person names: PLAN/KPI/PERIOD, or PLAN/KPI/UNIT/PERIOD.
 * @throws {UnknownFlagError} there is none, or several units hold it.
 * @example findAssessment('marketing-director/leads/2026-08', assessments).kpi // => 'leads'
 */
export function findAssessment(flag: string, assessments: readonly Assessment[]): Assessment {
  const parts = flag.split(/[/|]/);
  if (parts.length !== 3 && parts.length !== 4)
    throw new UnknownFlagError(
      `expected a flag such as marketing-director/sqls_delivered/2026-08, got "${flag}"`,
    );
  const [plan, kpi] = parts;
  const period = parts.at(-1);
  const unit = parts.length === 4 ? parts[2] : undefined;
  const found = assessments.filter(
    (a) => a.plan === plan && a.kpi === kpi && a.period === period && (unit === undefined || a.unit === unit),
  );
  if (found.length === 1) return found[0]!;
  if (found.length > 1)
    throw new UnknownFlagError(
      `several units hold it; name one of ${found.map((a) => `${plan}/${kpi}/${a.unit}/${period}`).join(', ')}`,
    );
  const near = assessments.filter((a) => a.verdict !== 'clear').slice(-6);
  const known = (near.length > 0 ? near : assessments.slice(-6)).map((a) => `${a.plan}/${a.kpi}/${a.period}`);
  throw new UnknownFlagError(`there is no judgement ${flag}; there are for example ${known.join(', ')}`);
}

/** The assessment kept in a record. */
export function documentOf(record: AssessmentRecord): Assessment {
  return record.document as Assessment;
}
