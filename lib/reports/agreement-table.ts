import { html } from 'hono/html';
import type { AgreementRecord } from '../model/agreement-record.ts';
import { periodText } from './date-text.ts';
import { numberText, shareText } from './number-text.ts';
import { type Column, foreign, type Html, leftOut, table } from './page.ts';

/** Units shown; the rest is in the JSON beside the page. */
const mostUnits = 12;
const mostReasons = 12;

/** Both halves of the agreement unit by unit, one column a month, what was agreed beside it. */
export function agreementTables(records: readonly AgreementRecord[]): Html {
  const units = [...new Set(records.map((r) => r.unit))];
  const shown = units.slice(0, mostUnits);
  return html`${shown.map((unit) => {
    const own = records.filter((r) => r.unit === unit);
    return html`${units.length > 1 ? html`<h3>${foreign(unit, 64)}</h3>` : ''}${sidesTable(own)}${reasonsTable(own)}`;
  })}${leftOut(units.length, shown.length, 'units')}`;
}

/** Name of the month a record is about. */
export function monthOf(record: AgreementRecord): string {
  return record.isComplete ? periodText(record.month) : `${periodText(record.month)} so far`;
}

interface Line {
  readonly name: string;
  readonly agreed: string;
  of(record: AgreementRecord): string;
}

const count = (value: number | null) => (value === null ? '–' : numberText(value));
const share = (value: number | null) => (value === null ? '–' : shareText(value));
const hours = (value: number | null) => (value === null ? '–' : hoursText(value));

function sidesTable(records: readonly AgreementRecord[]): Html {
  const latest = records.at(-1);
  if (!latest) return html``;
  const columns: Column[] = [
    { title: 'Owed', kind: 'name' },
    { title: 'Agreed', kind: 'mark' },
    ...records.map((r): Column => ({ title: monthOf(r), kind: 'number' })),
  ];
  const rows = (lines: readonly Line[]) =>
    lines.map((l) => [l.name, l.agreed, ...records.map((r) => l.of(r))]);
  const { floor, acceptedPerMonth } = latest;
  return html`${table(columns, [
    ...rows([
      {
        name: 'Marketing: SQLs handed over',
        agreed: '–',
        of: (r) => count(r.delivered),
      },
      {
        name: 'Marketing: accepted',
        agreed: acceptedPerMonth === null ? 'no quantity agreed' : `${numberText(acceptedPerMonth)} a month`,
        of: (r) => count(r.accepted),
      },
      {
        name: 'Marketing: accepted of those decided',
        agreed: floor === null ? 'no share agreed' : `at least ${shareText(floor)}`,
        of: (r) => (r.acceptedShare === null ? '–' : shareText(r.acceptedShare.value)),
      },
      ...(latest.aboveCapacity === null
        ? []
        : [
            {
              name: 'Marketing: above the day’s capacity',
              agreed: '0',
              of: (r: AgreementRecord) => count(r.aboveCapacity),
            },
          ]),
      { name: 'Sales: decided in time', agreed: 'all', of: (r) => share(r.decidedInTime) },
      { name: 'Sales: hours to decide, median', agreed: '–', of: (r) => hours(r.hoursToDecide) },
      {
        name: 'Sales: contacted in time',
        agreed: latest.contactedInTime === null ? 'no time agreed' : 'all',
        of: (r) => share(r.contactedInTime),
      },
      { name: 'Sales: hours to first contact, median', agreed: '–', of: (r) => hours(r.hoursToContact) },
      { name: 'Sales: undecided', agreed: '–', of: (r) => count(r.pending) },
      { name: 'Sales: of them overdue', agreed: '0', of: (r) => count(r.overdue) },
      { name: 'Both: rejections contested', agreed: '0', of: (r) => count(r.contested) },
    ]),
  ])}`;
}

/** Hours as a reader says them: days from two days on. @example hoursText(52) // => '2.2 days' */
export function hoursText(value: number): string {
  return value < 48
    ? `${numberText(Math.round(value))} h`
    : `${numberText(Math.round(value / 2.4) / 10)} days`;
}

function reasonsTable(records: readonly AgreementRecord[]): Html {
  const names = new Map<string, boolean>();
  for (const r of records) for (const { reason, isAgreed } of r.reasons) names.set(reason, isAgreed);
  if (names.size === 0) return html``;
  const of = (r: AgreementRecord, reason: string) => r.reasons.find((x) => x.reason === reason)?.count ?? 0;
  const total = (reason: string) => records.reduce((sum, r) => sum + of(r, reason), 0);
  const shown = [...names].sort(([a], [b]) => total(b) - total(a)).slice(0, mostReasons);
  return html`<h3>Rejections by reason</h3>${table(
    [
      { title: 'Reason', kind: 'name' },
      { title: 'Agreed', kind: 'mark' },
      ...records.map((r): Column => ({ title: monthOf(r), kind: 'number' })),
    ],
    shown.map(([reason, isAgreed]) => [
      reason === '' ? 'none stated' : foreign(reason.replaceAll('_', ' '), 60),
      isAgreed ? 'yes' : 'no',
      ...records.map((r) => numberText(of(r, reason))),
    ]),
  )}${leftOut(names.size, shown.length, 'reasons')}`;
}
