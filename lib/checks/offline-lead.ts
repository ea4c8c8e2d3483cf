import type { Row } from '../model/datasets.ts';
import { cutColumn } from '../model/row-cut.ts';

/** A lead's places of origin, as far as they tell whether it came over the site. */
type Origins = Pick<Row<'leads'>, 'source' | 'medium' | 'channel' | 'form'>;

/** Names of sources, media, channels and forms of leads that did not come over the site. */
export const offlineNames: readonly string[] = ['offline', 'event', 'import', 'list', 'phone'];

/**
 * Tells leads that were entered by somebody, so that no visit and no time of the day is to be expected.
 *
 * @param names in lower case; one of a lead's source, medium, channel or form is enough.
 * @example offlineRule(['event'])({ source: null, medium: null, channel: 'Event', form: null }) // => true
 */
export function offlineRule(names: readonly string[]): (lead: Origins) => boolean {
  const known = new Map<string, boolean>();
  const isOffline = (name: string | null) => {
    if (name === null) return false;
    const held = known.get(name);
    if (held !== undefined) return held;
    const is = names.includes(name.toLowerCase());
    known.set(name, is);
    return is;
  };
  return (lead) =>
    isOffline(lead.source) || isOffline(lead.medium) || isOffline(lead.channel) || isOffline(lead.form);
}

const marks = new WeakMap<readonly Origins[], Map<string, Uint8Array>>();

/**
 * Whether each lead came offline, by {@link offlineRule}: worked out once for all judging dates.
 *
 * @returns 1 or 0 a row.
 */
export function offlineMarks(rows: readonly Origins[], names: readonly string[]): Uint8Array {
  return cutColumn(rows, (all) => {
    const byNames = marks.get(all) ?? new Map<string, Uint8Array>();
    marks.set(all, byNames);
    const key = names.join('\n');
    const held = byNames.get(key);
    if (held) return held;
    const isOffline = offlineRule(names);
    const made = Uint8Array.from(all, (lead) => (isOffline(lead) ? 1 : 0));
    byNames.set(key, made);
    return made;
  });
}
