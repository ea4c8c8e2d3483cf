import type { Config } from '../model/config.ts';
import type { FlagAct } from '../model/decision.ts';
import { type Assessment, agreementPlan, assessmentKey } from '../model/flag.ts';
import { parsePeriod } from '../model/period.ts';
import type { ControlTotal, Statement, TrueUp } from '../model/statement.ts';
import { payRuleText } from '../reports/pay-rule-text.ts';
import { kpiShares } from '../verdict/pay.ts';
import type { PlanOf } from './judging/policy-book.ts';

/** What the statements of a period are made from. */
export interface StatementParts {
  readonly config: Config;
  /** The plan in force when it was judged. */
  readonly planOf: PlanOf;
  readonly period: string;
  readonly asOf: string;
  readonly state: Statement['state'];
  /** Judgements of the period, of all plans. */
  readonly assessments: readonly Assessment[];
  /** Acts of people about any flags, oldest first. */
  readonly acts: readonly FlagAct[];
  readonly controlTotals: readonly ControlTotal[];
  readonly trueUps: readonly TrueUp[];
  readonly parameters: Statement['parameters'];
}

/**
 * The statements of a period, one a plan that pays, its KPIs in the plan's order. Pure: the same parts give the same.
 * @example statementsOf(parts)[0].lines[0].assessment.money.payable
 */
export function statementsOf(parts: StatementParts): Statement[] {
  const paying = parts.assessments.filter((a) => a.plan !== agreementPlan);
  return [...new Set(paying.map((a) => a.plan))].map((id) => {
    const plan = parts.planOf(paying.find((a) => a.plan === id)!);
    const place = (a: Assessment) => plan?.kpis.findIndex((k) => k.kpi === a.kpi) ?? -1;
    const own = paying.filter((a) => a.plan === id).sort((a, b) => place(a) - place(b));
    const [first] = own;
    const shares = plan && kpiShares(plan, parsePeriod(parts.period), parts.config.currency);
    const keys = new Set(own.map(assessmentKey));
    return {
      schema: 'bonafide/statement/1',
      organisation: parts.config.organisation,
      plan: id,
      planTitle: first!.planTitle,
      side: first!.side,
      period: parts.period,
      currency: first!.money.currency,
      asOf: parts.asOf,
      state: parts.state,
      due: first!.due,
      payOn: first!.payOn,
      combine: plan?.combine ?? null,
      lines: own.map((assessment) => {
        const index = place(assessment);
        return {
          assessment,
          controlTotals: parts.controlTotals.filter(
            (t) => t.metric === assessment.kpi && (t.unit === null || t.unit === assessment.unit),
          ),
          share: shares?.[index] ?? null,
          rule: plan && index >= 0 ? payRuleText(plan.kpis[index]!) : null,
        };
      }),
      acts: parts.acts.filter((act) => keys.has(act.body.flag)),
      trueUps: parts.trueUps.filter((t) => t.plan === id),
      parameters: parts.parameters,
    };
  });
}
