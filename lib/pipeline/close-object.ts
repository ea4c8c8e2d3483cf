import type { LedgerHead } from '../evidence/ledger.ts';
import type { Digest } from '../model/canonical-json.ts';
import type { Assessment } from '../model/flag.ts';

/** What a period is sealed with: its numbers, and the digests of everything they rest on. */
export interface CloseObject {
  readonly schema: 'bonafide/close/1';
  readonly period: string;
  readonly asOf: string;
  /** Digest of the configuration. */
  readonly config: Digest;
  /** Versions of the checks. */
  readonly code: Readonly<Record<string, number>>;
  /** Where the chains of the ledger ended. */
  readonly ledger: Readonly<Record<string, LedgerHead>>;
  readonly assessments: readonly Pick<
    Assessment,
    | 'plan'
    | 'kpi'
    | 'unit'
    | 'verdict'
    | 'claimed'
    | 'counted'
    | 'verified'
    | 'money'
    | 'decision'
    | 'policy'
    | 'evidence'
  >[];
  /** Statements and payroll feed, each kept as an evidence object too. */
  readonly files: readonly { readonly key: string; readonly digest: Digest; readonly type: string }[];
  /** What must exist with it. */
  readonly objects: readonly Digest[];
}
