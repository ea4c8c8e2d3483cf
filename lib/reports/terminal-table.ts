import { type Assessment, verdictLabels } from '../model/flag.ts';
import { metricName } from './kpi-text.ts';
import { moneyText } from './money-text.ts';
import { kpiValueText } from './number-text.ts';
import { plainText } from './plain-text.ts';

const gap = '  ';
const columns = [
  { title: 'KPI', isNumber: false },
  { title: 'Month', isNumber: false },
  { title: 'Claimed', isNumber: true },
  { title: 'Verified', isNumber: true },
  { title: 'Verdict', isNumber: false },
  { title: 'Held', isNumber: true },
] as const;

/**
 * Judgements as an aligned table for a terminal; with several plans each has its title above its rows.
 * The name column wraps where a line would pass `width`.
 *
 * @param width characters a line may have, at least 60.
 * @returns lines joined by line feeds, none at the end; one sentence when there is nothing to show.
 */
export function terminalTable(assessments: readonly Assessment[], width = 100): string {
  if (assessments.length === 0) return 'No complete period has been judged yet.';
  const plans = new Map<string, Assessment[]>();
  for (const a of assessments) plans.set(a.plan, [...(plans.get(a.plan) ?? []), a]);
  const cells = (a: Assessment) => [
    plainText(metricName(a), 200),
    a.state === 'open' ? `${a.period} to date` : a.period,
    kpiValueText(a.kpi, a.claimed, a.money.currency),
    kpiValueText(a.kpi, a.verified?.point ?? null, a.money.currency),
    verdictLabels[a.verdict],
    moneyText(a.money.held, a.money.currency),
  ];
  const rows = new Map(assessments.map((a) => [a, cells(a)]));
  const widths = columns.map((c, i) =>
    Math.max(c.title.length, ...[...rows.values()].map((r) => r[i]!.length)),
  );
  const others = widths.slice(1).reduce((sum, w) => sum + w + gap.length, 0);
  widths[0] = Math.max(12, Math.min(widths[0]!, width - others));

  const lines = [
    line(
      columns.map((c) => c.title),
      widths,
    ),
    line(
      widths.map((w) => '-'.repeat(w)),
      widths,
    ),
  ];
  for (const own of plans.values()) {
    if (plans.size > 1) lines.push('', plainText(own[0]!.planTitle, width));
    for (const a of own) lines.push(line(rows.get(a)!, widths));
  }
  return lines.join('\n');
}

function line(cells: readonly string[], widths: readonly number[]): string {
  const [first, ...more] = wrapped(cells[0]!, widths[0]!);
  const rest = cells.slice(1).map((cell, i) => {
    const room = widths[i + 1]!;
    return columns[i + 1]!.isNumber ? cell.padStart(room) : cell.padEnd(room);
  });
  return [[first!.padEnd(widths[0]!), ...rest].join(gap).trimEnd(), ...more].join('\n');
}

/** Words set into lines of at most `width`; a longer word is cut. */
function wrapped(text: string, width: number): string[] {
  const lines: string[] = [];
  let current = '';
  for (const word of text.split(' ').flatMap((w) => w.match(new RegExp(`.{1,${width}}`, 'gu')) ?? [])) {
    if (current === '') current = word;
    else if (current.length + 1 + word.length <= width) current += ` ${word}`;
    else {
      lines.push(current);
      current = word;
    }
  }
  return [...lines, current];
}
