import { html } from 'hono/html';
import type { Assessment } from '../model/flag.ts';
import { metricName } from './kpi-text.ts';
import { moneyText } from './money-text.ts';
import { kpiValueText } from './number-text.ts';
import type { Html } from './page.ts';

/** Size of one panel in its own units; pages scale it. */
const width = 240;
const height = 96;
const base = 78;
const top = 18;
const bar = 44;
/** From light to dark, so that grey print tells the steps apart too. */
const fills = ['#c3ccd3', '#8fb3cc', '#0b5c8f', '#12384f'];

interface Step {
  readonly name: string;
  /** Share of the scale; null where the step is not known. */
  readonly value: number | null;
  readonly label: string;
}

/**
 * How much of a claim is left at each step: claimed, counted, verified, payable, drawn on one scale with the target.
 * The first three are units of the KPI; payable is the share of the pay claimed.
 */
export function waterfallFigure(a: Assessment, currency: string): Html {
  const text = (value: number | null) => shortText(a, value, currency);
  const { claimed, counted, verified, money, target } = a;
  const most = Math.max(target, claimed ?? 0, counted ?? 0, verified?.high ?? 0, 1);
  const isPaid = money.claimed > 0;
  const steps: Step[] = [
    { name: 'claimed', value: claimed, label: text(claimed) },
    { name: 'counted', value: counted, label: text(counted) },
    { name: 'verified', value: verified?.point ?? null, label: text(verified?.point ?? null) },
    {
      name: 'payable',
      value: isPaid && claimed !== null ? (claimed * money.payable) / money.claimed : null,
      label: isPaid ? shortMoney(money.payable, currency) : 'no pay',
    },
  ];
  const y = (value: number) => base - ((base - top) * value) / most;
  const gross = Math.max(claimed ?? counted ?? 0, 0);
  const columns = steps.map((step, i) => ({
    ...step,
    left: 8 + i * 58,
    value: step.value ?? 0,
    fill: fills[i],
  }));
  const bars = columns.map(({ left, value, fill }, i) => {
    const isLess = gross > value && i > 0 && (i < 3 || isPaid);
    return html`${isLess ? html`<rect x="${left + 0.5}" y="${at(y(gross))}" width="${bar - 1}" height="${at(y(value) - y(gross))}" fill="none" stroke="#9aa5ae" stroke-dasharray="2 2"/>` : ''}${value > 0 ? html`<rect x="${left}" y="${at(y(value))}" width="${bar}" height="${at(base - y(value))}" fill="${fill}"/>` : ''}`;
  });
  const labels = columns.map(
    ({ left, value, label, name }) =>
      html`<text x="${left + bar / 2}" y="${at(y(value) - 4)}" font-size="10.5" font-weight="600" fill="#17212b" stroke="#fff" stroke-width="3" paint-order="stroke" text-anchor="middle">${label}</text><text x="${left + bar / 2}" y="${base + 13}" font-size="10" fill="#56626d" text-anchor="middle">${name}</text>`,
  );
  const line = at(y(target));
  return html`<figure role="img" aria-label="${alternative(a, currency)}"><figcaption><b>${metricName(a)}</b> target ${text(target)}</figcaption><svg aria-hidden="true" viewBox="0 0 ${width} ${height}" font-family="-apple-system, Segoe UI, Roboto, Helvetica Neue, Arial, sans-serif"><line x1="4" x2="${width - 4}" y1="${base}" y2="${base}" stroke="#9aa5ae"/>${bars}<line x1="4" x2="${width - 4}" y1="${line}" y2="${line}" stroke="#b8500a" stroke-width="1.2" stroke-dasharray="5 3"/>${labels}</svg></figure>`;
}

function at(value: number): string {
  return value.toFixed(1);
}

const compact = new Intl.NumberFormat('en-US', { notation: 'compact', maximumSignificantDigits: 3 });

function shortText(a: Assessment, value: number | null, currency: string): string {
  if (value === null) return '–';
  if (a.kpi === 'revenue') return shortMoney(Math.round(value), currency);
  return Math.abs(value) >= 100_000
    ? compact.format(value)
    : kpiValueText(a.kpi, Math.round(value), currency);
}

/** Money in the few letters a bar has room for. */
function shortMoney(minor: number, currency: string): string {
  const text = moneyText(minor, currency);
  if (text.length <= 10) return text;
  return `${currency} ${compact.format(Number(text.slice(4).replaceAll(',', '')))}`;
}

function alternative(a: Assessment, currency: string): string {
  const text = (value: number | null) =>
    value === null ? 'not known' : kpiValueText(a.kpi, value, currency);
  const pay =
    a.money.claimed > 0
      ? `payable ${moneyText(a.money.payable, currency)} of ${moneyText(a.money.claimed, currency)}`
      : 'no pay is claimed';
  return `${metricName(a)}: claimed ${text(a.claimed)}, counted ${text(a.counted)}, verified ${text(a.verified?.point ?? null)}, ${pay}; target ${text(a.target)}.`;
}
