/**
 * The ledger: chains of entries, each holding the digest of the one before it. An entry is the object
 * `ledger/<chain>/<sequence>.json`, written only if absent, so that no one can replace it unseen.
 */
import { canonicalJson, type Digest, digestOfJson } from '../model/canonical-json.ts';
import { type EvidenceBucket, EvidenceError, type EvidenceSource } from './objects.ts';

/** What is appended. */
export interface LedgerDraft {
  /** The same for the same event in every run; an id that is there already is not appended again. */
  readonly id: string;
  /** ISO instant. */
  readonly at: string;
  readonly kind: string;
  /** Any JSON. */
  readonly body: unknown;
  /** Evidence objects this entry vouches for: they must exist. */
  readonly objects: readonly Digest[];
}

/** One entry of a chain. */
export interface LedgerEntry extends LedgerDraft {
  /** 1, 2, 3 … without a gap. */
  readonly seq: number;
  /** `digest` of the entry before; null in the first. */
  readonly previous: Digest | null;
  /** Digest of all the other fields as canonical JSON. */
  readonly digest: Digest;
}

/** Where a chain ends. */
export interface LedgerHead {
  readonly seq: number;
  readonly digest: Digest;
}

/** The ledger. */
export interface Ledger {
  /**
   * Appends an entry; racing writers all get in, one after the other.
   * @returns the entry, and whether it was appended now or had been before.
   * @throws {RangeError} its id was used in this chain with another kind, body or objects; `chain` is no name.
   * @throws {EvidenceError} the chain is broken.
   */
  append(chain: string, draft: LedgerDraft): Promise<{ entry: LedgerEntry; isNew: boolean }>;
  /** Entries of a chain, oldest first; none for a new one. @throws {EvidenceError} the chain is broken. */
  read(chain: string): Promise<LedgerEntry[]>;
  /** The chain's end; null for a new one. @throws {EvidenceError} the chain is broken. */
  head(chain: string): Promise<LedgerHead | null>;
  /** Names of the chains there are. */
  chains(): Promise<string[]>;
}

const readAtOnce = 16;

/** Key of an entry. @throws {RangeError} `chain` is no name, or `seq` not from 1 to 99,999,999. */
export function entryKey(chain: string, seq: number): string {
  if (!/^[A-Za-z0-9][A-Za-z0-9._@=+-]{0,199}$/.test(chain)) throw new RangeError(`"${chain}" names no chain`);
  if (!Number.isInteger(seq) || seq < 1 || seq > 99_999_999)
    throw new RangeError(`no entry has number ${seq}`);
  return `ledger/${chain}/${String(seq).padStart(8, '0')}.json`;
}

/** Digest of an entry, of all its fields but `digest`. */
export function digestOfEntry({ digest: _digest, ...rest }: LedgerEntry): Digest {
  return digestOfJson(rest);
}

/**
 * An entry from its bytes.
 * @param previous digest of the entry before; null for the first.
 * @throws {EvidenceError} it is not an entry, not number `seq`, changed since, or does not continue `previous`.
 */
export function readEntry(key: string, bytes: Uint8Array, seq: number, previous: Digest | null): LedgerEntry {
  const text = Buffer.from(bytes).toString();
  let entry: LedgerEntry;
  try {
    entry = JSON.parse(text) as LedgerEntry;
    if (canonicalJson(entry) !== text || digestOfEntry(entry) !== entry.digest) throw new RangeError();
  } catch {
    throw new EvidenceError(`${key} was changed after it was written`);
  }
  if (entry.seq !== seq) throw new EvidenceError(`${key} holds entry ${entry.seq}`);
  if (entry.previous !== previous) throw new EvidenceError(`${key} does not continue the entry before it`);
  return entry;
}

/** The ledger in a bucket. What one instance has read of a chain it keeps, and reads on from there. */
export function ledgerIn(bucket: EvidenceBucket): Ledger {
  const known = new Map<string, LedgerEntry[]>();
  const queues = new Map<string, Promise<unknown>>();

  /** One after the other per chain: appends of one process need not race. */
  function inTurn<T>(chain: string, act: () => Promise<T>): Promise<T> {
    const turn = (queues.get(chain) ?? Promise.resolve()).then(act, act);
    queues.set(chain, turn);
    return turn;
  }

  async function readOn(chain: string): Promise<LedgerEntry[]> {
    const entries = known.get(chain) ?? (await readChain(bucket, chain));
    known.set(chain, entries);
    for (;;) {
      const seq = entries.length + 1;
      const key = entryKey(chain, seq);
      const bytes = await bucket.get(key);
      if (bytes === null) return entries;
      entries.push(readEntry(key, bytes, seq, entries.at(-1)?.digest ?? null));
    }
  }

  return {
    append: (chain, draft) =>
      inTurn(chain, async () => {
        for (;;) {
          const entries = await readOn(chain);
          const earlier = entries.find((entry) => entry.id === draft.id);
          if (earlier) {
            refuseOther(chain, earlier, draft);
            return { entry: earlier, isNew: false };
          }
          const last = entries.at(-1);
          const { id, at, kind, body, objects } = draft;
          const content = {
            seq: (last?.seq ?? 0) + 1,
            id,
            at,
            kind,
            body,
            objects,
            previous: last?.digest ?? null,
          };
          const text = canonicalJson({ ...content, digest: digestOfJson(content) });
          if (await bucket.putIfAbsent(entryKey(chain, content.seq), Buffer.from(text))) {
            const entry = JSON.parse(text) as LedgerEntry;
            entries.push(entry);
            return { entry, isNew: true };
          }
          // Another writer was faster, or our own answer was lost: what is there now tells.
        }
      }),
    read: (chain) => inTurn(chain, async () => [...(await readOn(chain))]),
    head: (chain) =>
      inTurn(chain, async () => {
        const last = (await readOn(chain)).at(-1);
        return last ? { seq: last.seq, digest: last.digest } : null;
      }),
    async chains() {
      const keys = await bucket.list('ledger/');
      return [...new Set(keys.map((key) => key.split('/')[1] ?? ''))];
    },
  };
}

async function readChain(source: EvidenceSource, chain: string): Promise<LedgerEntry[]> {
  const count = (await source.list(entryKey(chain, 1).replace(/[^/]+$/, ''))).length;
  const entries: LedgerEntry[] = [];
  for (let first = 1; first <= count; first += readAtOnce) {
    const keys = Array.from({ length: Math.min(readAtOnce, count - first + 1) }, (_, i) =>
      entryKey(chain, first + i),
    );
    const found = await Promise.all(keys.map((key) => source.get(key)));
    found.forEach((bytes, i) => {
      const key = keys[i]!;
      if (bytes === null) throw new EvidenceError(`${key} is missing`);
      entries.push(readEntry(key, bytes, first + i, entries.at(-1)?.digest ?? null));
    });
  }
  return entries;
}

function refuseOther(chain: string, earlier: LedgerEntry, draft: LedgerDraft): void {
  const said = ({ kind, body, objects }: LedgerDraft) => canonicalJson({ kind, body, objects });
  if (said(earlier) !== said(draft))
    throw new RangeError(`entry "${draft.id}" of ledger ${chain} says something else already`);
}
