import { readFile } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import { currencyExponent, minorUnits } from '../model/currency.ts';
import {
  type Act,
  type Attachment,
  actSchema,
  decisionReasons,
  mostAttachedBytes,
  type Party,
  type Person,
  parties,
} from '../model/decision.ts';
import { ConflictError, type DecideSummary, decide, RefusedError } from '../pipeline/decide.ts';
import { findAssessment } from '../pipeline/find-assessment.ts';
import { moneyText } from '../reports/money-text.ts';
import { withLeftByRun } from './left-by-run.ts';
import { exitCodes, type Stage, UserError } from './stage.ts';

export interface DecideOptions {
  readonly clear?: boolean;
  readonly confirm?: boolean;
  readonly partly?: string;
  readonly approve?: boolean;
  readonly reply?: string;
  readonly attach?: readonly string[];
  readonly reason?: string;
  readonly comment?: string;
  readonly by?: string;
  readonly side: string;
  readonly instead?: boolean;
  readonly json?: boolean;
}

const forms = `expected one of:
  bonafide decide FLAG --clear --reason CODE --comment TEXT --by PERSON         propose that all of it counts
  bonafide decide FLAG --confirm --reason CODE --comment TEXT --by PERSON       propose that only what is verified counts
  bonafide decide FLAG --partly VALUE --reason CODE --comment TEXT --by PERSON  propose that VALUE counts
  bonafide decide FLAG --approve --by PERSON                                    the second person's approval
  bonafide decide FLAG --reply TEXT [--attach FILE...] --by PERSON              an answer before the decision`;

/**
 * Does one act of a person about a flag. On one machine nobody checks who that is: whoever holds the folder answers
 * for `--by` and `--side`.
 *
 * @returns 0.
 * @throws {UserError} the arguments are not one of the forms, or it is not allowed.
 */
export async function decideFlag(flag: string, options: DecideOptions, stage: Stage): Promise<number> {
  const by = personOf(options);
  const attachments = await attachmentsOf(options.attach ?? [], stage.cwd);
  const form = formOf(options);
  return withLeftByRun(stage, join(stage.cwd, 'out', 'alerts'), async ({ ports, assessments }) => {
    const { kpi } = findAssessment(flag, assessments);
    const value = form === 'partly' ? partlyValue(options.partly!, kpi, ports.config.currency) : null;
    const act = actOf(flag, form, value, attachments, options);
    try {
      const summary = await decide(act, by, ports);
      stage.out(options.json ? JSON.stringify(summary) : told(summary, act, by));
      return exitCodes.clear;
    } catch (error) {
      if (error instanceof RefusedError || error instanceof ConflictError) throw new UserError(error.message);
      throw error;
    }
  });
}

type Form = 'clear' | 'confirm' | 'partly' | 'approve' | 'reply';

function formOf(options: DecideOptions): Form {
  const all: readonly Form[] = ['clear', 'confirm', 'partly', 'approve', 'reply'];
  const given = all.filter((form) => options[form] !== undefined);
  if (given.length !== 1)
    throw new UserError(
      given.length === 0 ? forms : `--${given.join(' and --')} exclude each other; ${forms}`,
    );
  const form = given[0]!;
  const proposes = form === 'clear' || form === 'confirm' || form === 'partly';
  const missing = proposes ? (['reason', 'comment'] as const).filter((name) => !options[name]) : [];
  if (missing.length > 0)
    throw new UserError(
      `a decision needs a reason code, a comment and a second person: add ${missing.map((m) => `--${m}`).join(' and ')}; reason codes are ${decisionReasons.join(', ')}`,
    );
  const odd = proposes
    ? options.attach && 'attach'
    : (['reason', 'comment', 'instead'] as const).find((name) => options[name] !== undefined) ||
      (form === 'approve' && options.attach && 'attach');
  if (odd) throw new UserError(`--${odd} does not go with --${form}; ${forms}`);
  return form;
}

function personOf({ by, side }: DecideOptions): Person {
  if (!by?.trim()) throw new UserError('--by says who decides: add a name, for example --by "Ada Lovelace"');
  if (!parties.includes(side as Party))
    throw new UserError(`--side: expected ${parties.join(', ')}, got "${side}"`);
  return { name: by.trim(), party: side as Party };
}

function partlyValue(text: string, kpi: string, currency: string): number {
  const exponent = kpi === 'revenue' ? currencyExponent(currency) : 0;
  try {
    return minorUnits(Number(text.replaceAll(',', '')), exponent);
  } catch {
    throw new UserError(
      `--partly: expected ${kpi === 'revenue' ? `an amount with at most ${exponent} decimals` : 'a whole number'}, got "${text}"`,
    );
  }
}

async function attachmentsOf(names: readonly string[], cwd: string): Promise<Attachment[]> {
  const attachments = [];
  let bytes = 0;
  for (const name of names) {
    const content = await readFile(resolve(cwd, name)).catch(() => {
      throw new UserError(`--attach: there is no file ${name} that can be read`);
    });
    bytes += content.byteLength;
    if (bytes > mostAttachedBytes)
      throw new UserError(`--attach: at most ${mostAttachedBytes} bytes together are kept; ${name} is more`);
    attachments.push({ name: basename(name), base64: content.toString('base64') });
  }
  return attachments;
}

const kinds = { clear: 'cleared', confirm: 'confirmed', partly: 'partly_confirmed' } as const;

function actOf(
  flag: string,
  form: Form,
  value: number | null,
  attachments: readonly Attachment[],
  { reason, comment, instead, reply }: DecideOptions,
): Act {
  const parsed = actSchema.safeParse(
    form === 'approve'
      ? { act: 'approve', flag }
      : form === 'reply'
        ? { act: 'reply', flag, text: reply, attachments }
        : { act: 'propose', flag, kind: kinds[form], value, reason, comment, instead: instead === true },
  );
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  if (issue!.path[0] === 'reason')
    throw new UserError(`--reason: expected one of ${decisionReasons.join(', ')}, got "${reason}"`);
  throw new UserError(`--${issue!.path[0] === 'text' ? 'reply' : issue!.path.join('.')}: ${issue!.message}`);
}

function told({ flag, state, isNew, money }: DecideSummary, act: Act, by: Person): string {
  const named = flag.replaceAll('|', '/');
  const amount = (minor: number) => moneyText(minor, money.currency);
  const split = `payable ${amount(money.payable)}, held ${amount(money.held)}, refused ${amount(money.refused)}`;
  const again = isNew ? '' : ' (as it was before; nothing changed)';
  if (act.act === 'reply') return `${named}: the reply of ${by.name} is kept${again}.`;
  if (act.act === 'approve') return `${named} is ${state.replace('_', ' ')}${again}: ${split}.`;
  const others = by.party === 'finance' ? 'finance, marketing or sales' : otherParties(by.party);
  return `${named} is in review${again}: a second person, of ${others}, approves it with\n  bonafide decide ${named} --approve --by PERSON --side SIDE\nUntil then ${split}.`;
}

function otherParties(party: Party): string {
  return parties.filter((p) => p !== party).join(' or ');
}
