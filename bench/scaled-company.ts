import { addDays, type Day } from '../lib/model/day.ts';
import { overdispersed, poisson, seededRandom } from '../test/fixtures/random.ts';

/** How much a made-up company of {@link scaledCompany} holds. */
export interface Scale {
  readonly plans: number;
  readonly units: number;
  readonly channels: number;
  /** Each a row a day and channel. */
  readonly countries: number;
  /** Of one unit in a month; a third become SQLs. */
  readonly leads: number;
}

/** A company's configuration and its files as its systems export them. */
export interface ScaledCompany {
  readonly config: string;
  /** The export of a day, by dataset: rows from the first date to the last, both included. */
  files(from: Day, to: Day): Readonly<Record<string, string>>;
}

/** First day there are data of; nothing before the second is judged. */
export const firstDay = '2025-01-01';
export const judgedFrom = '2025-09-01';

/**
 * A quiet company drawn from a seed: 150 visitors a day, channel and country, leads and SQLs in step, plans of three KPIs spread
 * evenly over its units. The same day is the same in every export.
 */
export function scaledCompany({ plans, units, channels, countries, leads }: Scale): ScaledCompany {
  const unitIds = Array.from({ length: units }, (_, i) => `unit-${i + 1}`);
  const config = [
    'organisation: Scaled Company',
    'timezone: Europe/Berlin',
    'currency: USD',
    'stage: demo',
    `start: ${judgedFrom}`,
    `units: [${unitIds.map((id) => `{ id: ${id} }`).join(', ')}]`,
    'sources:',
    '  - { id: web, dataset: traffic, settling: P4D, expect: { every: P1D, by: "04:00" } }',
    '  - { id: crm, dataset: leads }',
    '  - { id: sales, dataset: sqls }',
    'agreement: { decideWithin: 2bd, floor: 0.6 }',
    'plans:',
    ...Array.from(
      { length: plans },
      (_, i) =>
        `  - { id: plan-${i + 1}, title: Bonus ${i + 1}, side: marketing, payAfter: P15D, bonus: 1000, units: [${unitIds[i % units]}], ` +
        `kpis: [{ kpi: visitors, target: ${4000 + i} }, { kpi: leads, target: ${Math.round(leads * 0.9) + i} }, { kpi: sqls_delivered, target: ${Math.round(leads * 0.3) + i} }] }`,
    ),
    '',
  ].join('\n');

  function files(from: Day, to: Day) {
    const traffic = ['date,source,medium,channel,unique_visitors,sessions,engaged_sessions,country,unit'];
    const people = ['lead_id,created_at,source,medium,channel,origin,form,email,company,total_visits,unit'];
    const sqls = [
      'sql_id,lead_id,delivered_at,origin,disposition,decided_at,first_contact_at,decided_by,unit',
    ];
    for (let day = from; day <= to; day = addDays(day, 1))
      for (const [number, unit] of unitIds.entries()) {
        const random = seededRandom(Number(day.replaceAll('-', '')) * 1000 + number);
        for (let c = 0; c < channels * countries; c += 1) {
          const visitors = overdispersed(random, 150, 1.5);
          const sessions = visitors + poisson(random, 20);
          const [channel, country] = [c % channels, countryCode(Math.floor(c / channels))];
          traffic.push(
            `${day},source-${channel},cpc,channel-${channel},${visitors},${sessions},${poisson(random, sessions * 0.6)},${country},${unit}`,
          );
        }
        const today = poisson(random, leads / 30);
        for (let k = 0; k < today; k += 1) {
          const id = `${unit}-${day}-${k}`;
          const at = `${day}T${String(8 + Math.floor(random() * 10)).padStart(2, '0')}:${String(Math.floor(random() * 60)).padStart(2, '0')}:00`;
          const c = Math.floor(random() * channels);
          const name = Math.floor(random() * 1e9).toString(36);
          people.push(
            `L-${id},${at},source-${c},cpc,channel-${c},marketing,demo,${name}@${name}.example,${name} Ltd,${1 + poisson(random, 2)},${unit}`,
          );
          const isSql = random() < 1 / 3;
          const isAccepted = random() < 0.8;
          const decided = addDays(day, 2 + Math.floor(random() * 2));
          if (!isSql || addDays(day, 1) > to) continue;
          const verdict =
            decided > to
              ? 'pending,,'
              : `${isAccepted ? 'accepted' : 'rejected'},${decided}T15:00:00,${addDays(day, 1)}T16:00:00`;
          sqls.push(`S-${id},L-${id},${addDays(day, 1)}T10:00:00,marketing,${verdict},rep ${c},${unit}`);
        }
      }
    return {
      traffic: `${traffic.join('\n')}\n`,
      leads: `${people.join('\n')}\n`,
      sqls: `${sqls.join('\n')}\n`,
    };
  }
  return { config, files };
}

/** AA, AB ... */
function countryCode(number: number): string {
  return String.fromCharCode(65 + Math.floor(number / 26), 65 + (number % 26));
}
