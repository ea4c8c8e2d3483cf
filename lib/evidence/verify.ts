/** Recomputes all evidence and says what does not hold. */
import { type Digest, digestOf, isDigest } from '../model/canonical-json.ts';
import { entryKey, type LedgerEntry, type LedgerHead, readEntry } from './ledger.ts';
import { EvidenceError, type EvidenceSource, objectKey } from './objects.ts';

/** One place where the evidence does not hold. */
export interface BrokenLink {
  /** The object it is about. */
  readonly key: string;
  readonly message: string;
}

/** What was found. */
export interface Verification {
  readonly entries: number;
  readonly objects: number;
  /** In order: ledger chains by name and number, then objects. Empty: all holds. */
  readonly broken: readonly BrokenLink[];
  /** Objects no ledger entry leads to, e.g. left by a run that broke off, and files that are no evidence. */
  readonly unlisted: readonly string[];
  /** The last entry of each chain: whoever noted one down can tell whether entries after it were taken away. */
  readonly heads: Readonly<Record<string, LedgerHead>>;
}

interface Reference {
  readonly from: string;
  readonly digest: Digest;
}

const readAtOnce = 16;

/**
 * Verifies evidence: every object holds what its name says; every ledger chain is without a gap and linked; what
 * entries vouch for in `objects`, and what those objects list in `objects` in turn, is there; and where a manifest or
 * a close says that a chain ended, that chain goes at least so far. A copy of a statement or payroll feed beside the
 * evidence (`reports/statements/…`, or `statements/…`) must be the one its period was sealed with.
 */
export async function verifyEvidence(source: EvidenceSource): Promise<Verification> {
  const keys = await source.list('');
  const chains = groupByChain(keys.filter((key) => key.startsWith('ledger/')));
  const broken: BrokenLink[] = [];
  const entries = new Map<string, LedgerEntry>();
  for (const [chain, chainKeys] of chains)
    broken.push(...(await verifyChain(source, chain, chainKeys, entries)));

  const vouched: Reference[] = [];
  const mentioned = new Set<Digest>();
  for (const [from, entry] of entries) {
    for (const digest of entry.objects) vouched.push({ from, digest });
    for (const digest of digestsIn(entry.body)) mentioned.add(digest);
  }

  const objectKeys = keys.filter((key) => key.startsWith('objects/'));
  const contents = new Map<string, ObjectReferences>();
  for (let i = 0; i < objectKeys.length; i += readAtOnce) {
    const some = objectKeys.slice(i, i + readAtOnce);
    const found = await Promise.all(some.map((key) => source.get(key)));
    found.forEach((bytes, j) => {
      const key = some[j]!;
      const digest = bytes && digestOf(bytes);
      if (bytes === null) broken.push({ key, message: `${key} is listed but cannot be read` });
      else if (objectKey(digest!) !== key)
        broken.push({ key, message: `${key} was changed: it holds ${digest}` });
      else contents.set(key, referencesOf(bytes));
    });
  }

  const present = new Set(objectKeys);
  const listed = new Set<string>();
  // Reading on in what was found; each object once.
  const queue: (Reference & { isVouched: boolean })[] = [
    ...vouched.map((reference) => ({ ...reference, isVouched: true })),
    ...[...mentioned].map((digest) => ({ from: '', digest, isVouched: false })),
  ];
  for (let i = 0; i < queue.length; i++) {
    const { from, digest, isVouched } = queue[i]!;
    const key = objectKey(digest);
    if (!present.has(key)) {
      if (isVouched) broken.push({ key, message: `${key}, which ${from} rests on, is missing` });
      continue;
    }
    if (listed.has(key)) continue;
    listed.add(key);
    const content = contents.get(key);
    if (!content) continue;
    for (const one of content.objects) queue.push({ from: key, digest: one, isVouched: true });
    for (const one of content.mentions) queue.push({ from: key, digest: one, isVouched: false });
    broken.push(...shortChains(key, content.ledger, entries, broken));
  }

  for (const [key, digest] of sealedCopies(keys, entries, contents)) {
    const bytes = await source.get(key);
    if (bytes && digestOf(bytes) === digest) listed.add(key);
    else broken.push({ key, message: `${key} is not the file its period was sealed with` });
  }

  const isChained = new Set([...chains.values()].flat());
  const unlisted = keys.filter((key) => !listed.has(key) && !isChained.has(key));
  const heads: Record<string, LedgerHead> = {};
  for (const [chain, chainKeys] of chains) {
    const last = entries.get(chainKeys.at(-1)!);
    if (last) heads[chain] = { seq: last.seq, digest: last.digest };
  }
  return { entries: entries.size, objects: contents.size, broken, unlisted, heads };
}

/** Keys of entries by chain; other keys below `ledger/` belong to none. */
function groupByChain(keys: readonly string[]): Map<string, string[]> {
  const chains = new Map<string, string[]>();
  for (const key of [...keys].sort()) {
    const chain = /^ledger\/([^/]+)\/\d{8}\.json$/.exec(key)?.[1];
    if (chain !== undefined) chains.set(chain, [...(chains.get(chain) ?? []), key]);
  }
  return chains;
}

/**
 * Adds the entries that can be read to `entries`. After a break it goes on from what the next entry says of the one
 * before it, so that one change is reported once.
 */
async function verifyChain(
  source: EvidenceSource,
  chain: string,
  keys: readonly string[],
  entries: Map<string, LedgerEntry>,
): Promise<BrokenLink[]> {
  const broken: BrokenLink[] = [];
  const last = Number(keys.at(-1)!.slice(-13, -5));
  const present = new Set(keys);
  // undefined: cannot be told, because the entry before is gone or unreadable.
  let previous: Digest | null | undefined = null;
  for (let seq = 1; seq <= last; seq++) {
    const key = entryKey(chain, seq);
    const bytes = present.has(key) ? await source.get(key) : null;
    if (bytes === null) {
      broken.push({ key, message: `${key} is missing` });
      previous = undefined;
      continue;
    }
    const claimed = claimsOf(bytes);
    try {
      const entry = readEntry(
        key,
        bytes,
        seq,
        previous === undefined ? (claimed.previous ?? null) : previous,
      );
      entries.set(key, entry);
    } catch (error) {
      if (!(error instanceof EvidenceError)) throw error;
      broken.push({ key, message: error.message });
    }
    previous = claimed.digest;
  }
  return broken;
}

function claimsOf(bytes: Uint8Array): Partial<LedgerEntry> {
  try {
    const value: unknown = JSON.parse(Buffer.from(bytes).toString());
    return typeof value === 'object' && value !== null ? value : {};
  } catch {
    return {};
  }
}

/** Files beside the evidence that go by the name of one that a period was sealed with, and what they must hold. */
function sealedCopies(
  keys: readonly string[],
  entries: ReadonlyMap<string, LedgerEntry>,
  contents: ReadonlyMap<string, ObjectReferences>,
): [key: string, digest: Digest][] {
  const sealed = [...entries]
    .filter(([from]) => from.startsWith('ledger/closes/'))
    .flatMap(([, entry]) => entry.objects.flatMap((digest) => contents.get(objectKey(digest))?.files ?? []));
  const others = keys.filter((key) => !key.startsWith('objects/') && !key.startsWith('ledger/'));
  return others.flatMap((key) => {
    const file = sealed.find(({ key: name }) => `reports/${key}` === name || `/${key}`.endsWith(`/${name}`));
    return file ? [[key, file.digest] as [string, Digest]] : [];
  });
}

interface ObjectReferences {
  readonly objects: readonly Digest[];
  readonly mentions: readonly Digest[];
  readonly ledger: Readonly<Record<string, LedgerHead>>;
  /** Files a close published. */
  readonly files: readonly { readonly key: string; readonly digest: Digest }[];
}

function referencesOf(bytes: Uint8Array): ObjectReferences {
  let value: unknown;
  try {
    value = JSON.parse(Buffer.from(bytes).toString());
  } catch {
    return { objects: [], mentions: [], ledger: {}, files: [] };
  }
  const document = (typeof value === 'object' && value !== null ? value : {}) as Record<string, unknown>;
  const sawLedger = document.schema === 'bonafide/manifest/1' || document.schema === 'bonafide/close/1';
  return {
    objects: Array.isArray(document.objects) ? document.objects.filter(isDigest) : [],
    mentions: [...digestsIn(value)],
    ledger: sawLedger ? ((document.ledger ?? {}) as Record<string, LedgerHead>) : {},
    files: document.schema === 'bonafide/close/1' ? (document.files as ObjectReferences['files']) : [],
  };
}

function* digestsIn(value: unknown): Generator<Digest> {
  if (isDigest(value)) yield value;
  else if (typeof value === 'object' && value !== null)
    for (const member of Object.values(value)) yield* digestsIn(member);
}

function shortChains(
  key: string,
  heads: Readonly<Record<string, LedgerHead>>,
  entries: ReadonlyMap<string, LedgerEntry>,
  broken: readonly BrokenLink[],
): BrokenLink[] {
  return Object.entries(heads).flatMap(([chain, head]) => {
    const at = entryKey(chain, head.seq);
    const isBroken = broken.some(({ key: other }) => other === at);
    if (isBroken || entries.get(at)?.digest === head.digest) return [];
    return [{ key: at, message: `${at} is not the entry that ${key} saw` }];
  });
}
