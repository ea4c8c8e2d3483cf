import { canonicalJson } from './canonical-json.ts';
import { isKpi, type Kpi } from './kpi.ts';

/** One key of a policy that changed. */
export interface PolicyChange {
  /** Path of keys; members of a list go by their id, KPI or code: `plan.kpis.leads.target`. */
  readonly key: string;
  /** As JSON without quotes around a text; `none` where the key did not exist. */
  readonly old: string;
  readonly new: string;
  /** The KPI it is about; null when it is about all of them. */
  readonly kpi: Kpi | null;
  /** Whether only the code changed: another version of a check, or a limit that came or went with it. */
  readonly isCode: boolean;
}

/** What changes between policies is read from: the versions of checks are told apart from what people set. */
interface Versioned {
  readonly versions: Readonly<Record<string, number>>;
}

/**
 * What differs between two policies, key by key, in the order of the keys.
 * @example policyChanges(before, after) // => [{ key: 'plan.kpis.leads.target', old: '100', new: '80', kpi: 'leads', isCode: false }]
 */
export function policyChanges(before: Versioned, after: Versioned): PolicyChange[] {
  const old = leavesOf(before, []);
  const now = leavesOf(after, []);
  const keys = [...new Set([...old.keys(), ...now.keys()])].sort();
  return keys.flatMap((key) => {
    const [was, is] = [old.get(key), now.get(key)];
    if (was === is) return [];
    const [part, group, name] = key.split('.');
    const isOtherVersion = part === 'checks' && before.versions[group!] !== after.versions[group!];
    return [
      {
        key,
        old: was ?? 'none',
        new: is ?? 'none',
        kpi: part === 'plan' && group === 'kpis' && isKpi(name) ? name : null,
        isCode: part === 'versions' || (isOtherVersion && (was === undefined || is === undefined)),
      },
    ];
  });
}

/** How a change reads: `plan.kpis.leads.target 100 -> 80`. */
export function changeText({ key, old, new: now }: PolicyChange): string {
  return `${key} ${old} -> ${now}`;
}

/** Values by path; a member of a list goes by its name where it has one. */
function leavesOf(value: unknown, path: readonly string[]): Map<string, string> {
  if (value === undefined) return new Map();
  const isList = Array.isArray(value);
  const members: [string, unknown][] = isList
    ? value.map((member, i) => [nameOf(member) ?? String(i + 1), member])
    : typeof value === 'object' && value !== null
      ? Object.entries(value)
      : [];
  if (members.length === 0)
    return new Map([[path.join('.'), typeof value === 'string' ? value : canonicalJson(value)]]);
  // A list of plain values reads best as a whole.
  if (isList && members.every(([, member]) => typeof member !== 'object'))
    return new Map([[path.join('.'), canonicalJson(value)]]);
  return new Map(members.flatMap(([name, member]) => [...leavesOf(member, [...path, name])]));
}

function nameOf(member: unknown): string | null {
  if (typeof member === 'string') return member;
  if (typeof member !== 'object' || member === null) return null;
  const { id, kpi, code } = member as Record<string, unknown>;
  const name = id ?? kpi ?? code;
  return typeof name === 'string' ? name : null;
}
