import * as z from 'zod';
import type { Decision, Verdict, Verified } from './flag.ts';

/** Why a flag was decided as it was (SPEC 9). */
export const decisionReasons = [
  'planned_activity',
  'tracking_break',
  'definition_change',
  'data_error',
  'duplicate',
  'invalid_traffic',
  'not_accepted',
  'other',
] as const;

/** Words for what was proposed or decided. */
export const decisionLabels = {
  cleared: 'cleared',
  confirmed: 'confirmed',
  partly_confirmed: 'partly confirmed',
} as const satisfies Record<Decision['kind'], string>;

/** Who a person acts for: one of the two sides, or finance, whose pay depends on neither. */
export const parties = ['marketing', 'sales', 'finance'] as const;
export type Party = (typeof parties)[number];

/** A person who decides, by name: a business record, unlike the people in datasets, who are hashed. */
export interface Person {
  readonly name: string;
  readonly party: Party;
}

/** Most bytes of all attachments of one reply: what one call of a function carries, less its other content. */
export const mostAttachedBytes = 4_000_000;

const wellFormed = (text: string) =>
  !/[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/.test(text);
const text = (most: number) =>
  z
    .string()
    .trim()
    .min(1, 'expected a text that is not empty')
    .max(most, `expected at most ${most} characters`)
    .refine(wellFormed, 'expected well-formed Unicode');
const flag = text(200);

/** A file that supports a reply. */
export const attachment = z.strictObject({ name: text(200), base64: z.base64() });
export type Attachment = z.output<typeof attachment>;

/** What a person may do about a flag. */
export const actSchema = z.discriminatedUnion('act', [
  z.strictObject({
    act: z.literal('propose'),
    flag,
    kind: z.enum(['cleared', 'confirmed', 'partly_confirmed']),
    /** For `partly_confirmed`: what is verified after all, in units of the KPI (revenue: minor units). */
    value: z.int().min(0).nullable().default(null),
    reason: z.enum(decisionReasons),
    comment: text(2000),
    /** In place of a proposal or decision that stands. */
    instead: z.boolean().default(false),
  }),
  z.strictObject({ act: z.literal('approve'), flag }),
  z.strictObject({
    act: z.literal('reply'),
    flag,
    text: text(2000),
    attachments: z.array(attachment).max(20).default([]),
  }),
]);
export type Act = z.output<typeof actSchema>;

/** What a judgement came to when somebody decided about it. */
export interface JudgedFigures {
  readonly verdict: Verdict;
  readonly claimed: number | null;
  readonly counted: number | null;
  readonly verified: Verified | null;
}

/** Bodies of the ledger's entries about a flag, by their kind. */
export interface ActBodies {
  readonly reply: {
    readonly flag: string;
    readonly by: Person;
    readonly text: string;
    readonly attachments: readonly {
      readonly name: string;
      readonly digest: string;
      readonly bytes: number;
    }[];
  };
  readonly proposal: {
    readonly flag: string;
    readonly by: Person;
    readonly kind: Decision['kind'];
    readonly value: number | null;
    readonly reason: string;
    readonly comment: string;
    readonly figures: JudgedFigures;
  };
  readonly decision: Decision & {
    readonly flag: string;
    readonly proposedBy: Person;
    readonly approvedBy: Person;
    readonly comment: string;
    /** Number of the proposal in the chain. */
    readonly proposal: number;
    readonly figures: JudgedFigures;
  };
  readonly refusal: {
    readonly flag: string;
    readonly by: Person;
    readonly tried: string;
    readonly why: string;
  };
}

/** One entry of the ledger about a flag. */
export type FlagAct = {
  readonly [K in keyof ActBodies]: {
    readonly seq: number;
    /** ISO instant. */
    readonly at: string;
    readonly kind: K;
    readonly body: ActBodies[K];
  };
}[keyof ActBodies];
