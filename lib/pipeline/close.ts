import { closesChain, flagsChain, sealedIn } from './decisions.ts';
import type { AfterJob } from './flag.ts';
import { documentOf } from './flag.ts';
import type { Ports } from './ports.ts';

/** A period that cannot be sealed yet, with the reason. */
export class NotRipeError extends Error {
  override readonly name = 'NotRipeError';
}

export interface CloseSummary {
  readonly sealed: readonly string[];
}

type ClosePorts = Pick<Ports, 'flags' | 'evidence' | 'ledger'>;

/** Seals every period that is ripe and whose pay date has come. Open flags stay open: their money stays held. */
export async function close(job: AfterJob, ports: ClosePorts): Promise<CloseSummary> {
  const assessments = (await ports.flags.listAssessments()).map(documentOf);
  const sealed = sealedIn(await ports.ledger.read(closesChain));
  const periods = [...new Set(assessments.map((a) => a.period))].sort();
  const due = periods.filter(
    (period) =>
      !sealed.has(period) &&
      assessments.every((a) => a.period !== period || (a.ripeOn <= job.asOf && a.payOn <= job.asOf)),
  );
  for (const period of due) await sealPeriod(period, job.asOf, ports);
  return { sealed: due };
}

/**
 * Seals one period for good: an object with every assessment of it, listed in the chain of closes with the digest
 * of the close before. Sealed again it changes nothing.
 *
 * @throws {NotRipeError} a KPI of the period is not ripe, or nothing was judged in it.
 */
export async function sealPeriod(
  period: string,
  asOf: string,
  ports: ClosePorts,
): Promise<{ digest: string; isNew: boolean }> {
  const closes = await ports.ledger.read(closesChain);
  const before = closes.find((e) => e.id === period);
  if (before) return { digest: before.objects[0]!, isNew: false };
  const own = (await ports.flags.listAssessments()).map(documentOf).filter((a) => a.period === period);
  if (own.length === 0) throw new NotRipeError(`nothing was judged in ${period}`);
  const unripe = own.find((a) => a.ripeOn > asOf);
  if (unripe)
    throw new NotRipeError(
      `${period} is not ripe: ${unripe.kpi} of plan ${unripe.plan} is ripe on ${unripe.ripeOn}, today is ${asOf}`,
    );
  const head = await ports.ledger.head(flagsChain);
  const objects = own.flatMap((a) => (a.evidence ? [a.evidence] : []));
  const digest = await ports.evidence.putJson({
    schema: 'bonafide/close/1',
    period,
    asOf,
    ledger: head,
    assessments: own.map(
      ({ plan, kpi, unit, verdict, claimed, counted, verified, money, policy, evidence }) => ({
        plan,
        kpi,
        unit,
        verdict,
        claimed,
        counted,
        verified,
        money,
        policy,
        evidence,
      }),
    ),
  });
  const { isNew } = await ports.ledger.append(closesChain, {
    id: period,
    at: `${asOf}T00:00:00Z`,
    kind: 'close',
    body: { period },
    objects: [digest, ...new Set(objects)],
  });
  return { digest, isNew };
}
