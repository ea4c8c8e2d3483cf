import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type * as z from 'zod';
import { incidentChecks } from '../../lib/checks/incidents.ts';
import { checks } from '../../lib/checks/index.ts';
import { renderMessage } from '../../lib/reports/message.ts';
import { keepsItsPage } from './page.ts';

/** What checks of periods and checks of days have in common. */
type Declared = Pick<
  (typeof checks)[number],
  'id' | 'question' | 'messages' | 'innocent' | 'clears' | 'version'
> & { readonly policy: z.ZodType };

const all: readonly Declared[] = [...checks, ...incidentChecks];
const root = new URL('../../', import.meta.url);
const text = (path: string) => readFileSync(new URL(path, root), 'utf8');

/** Words that say something about people, not about numbers. */
const blame =
  /\b(fraud|cheat|fake|forge|forgery|lied|lying|liar|steal|stole|theft|guilt|dishonest|manipulat|crim|scam|swindl|abus|misconduct|culprit|blam|deceiv|deceit|rigg|tamper|fabricat|bogus|suspicious|brib|collu|crook|dodg|shady|embezzl|launder|gaming|gamed|stuff(ed|ing)|pad(ded|ding))/i;

/** Names a template takes from the data. */
const placeholders = (template: string) =>
  [...template.matchAll(/\{([A-Za-z][A-Za-z0-9]*)(:percent)?\}/g)].map((m) => m[1]!);

/** The source of a check without its messages, with what it imports from beside it. */
function sourceOf(id: string): string {
  const own = text(`lib/checks/${id}.ts`);
  const beside = [...own.matchAll(/from '\.\/([a-z-]+)\.ts'/g)].map((m) => text(`lib/checks/${m[1]}.ts`));
  const start = own.indexOf('  messages: {');
  // What an incident says is put together where its days are.
  const days = incidentChecks.some((c) => c.id === id) ? text('lib/pipeline/judging/incidents.ts') : '';
  return own.slice(0, start) + own.slice(own.indexOf('\n  },', start)) + beside.join('') + days;
}

/** Message ids a check's own source names. */
function namedIds(id: string): string[] {
  const own = text(`lib/checks/${id}.ts`);
  const literals = (code: string) => [...code.matchAll(/'([A-Za-z]+)'/g)].map((m) => m[1]!);
  const assigned = [...own.matchAll(/messageId: ([^,\n]+)/g)].flatMap((m) => literals(m[1]!));
  const added = own.includes('push({ messageId,') ? own.matchAll(/\badd\(\s*'([A-Za-z]+)',/g) : [];
  return [...new Set([...assigned, ...[...added].map((m) => m[1]!)])];
}

/** Lines of one check for the index: its id and the first sentence of its page. */
function indexLine({ id }: Declared): string {
  const paragraph = text(`docs/checks/${id}.md`).split('\n\n')[1]!.replace(/\n/g, ' ');
  return `- [${id}](${id}.md): ${paragraph.slice(0, paragraph.search(/\.( |$)/) + 1)}`;
}

function index(): string {
  const written = all.filter(({ id }) => existsSync(new URL(`docs/checks/${id}.md`, root)));
  const questions = [...new Set(all.map((c) => c.question))];
  const parts = questions.map((question) => {
    const own = written.filter((c) => c.question === question);
    return `## ${question}\n\n${own.map(indexLine).join('\n')}\n`;
  });
  return `# Checks

${checks.length} checks judge a period, ${incidentChecks.length} watch days and weeks. Each page gives the meaning, an example at the limit, the formula, the
defaults, the least data and what the check cannot see. [How often each is wrong, and what it finds](../power.md).

${parts.join('\n')}`;
}

describe('the registry of checks', () => {
  it('holds every file of a check once, under its own name', () => {
    const ids = all.map((c) => c.id);
    expect(new Set(ids).size).toBe(ids.length);
    for (const id of ids) expect(existsSync(new URL(`lib/checks/${id}.ts`, root)), id).toBe(true);
    const declared = readdirSync(new URL('lib/checks', root))
      .filter((name) => /= define(Incident)?Check\b/.test(text(`lib/checks/${name}`)))
      .map((name) => name.slice(0, -3));
    expect(declared.sort()).toEqual([...ids].sort());
  });

  it('has no page or test without a check', () => {
    const pages = readdirSync(new URL('docs/checks', root)).filter((name) => name !== 'README.md');
    expect(pages.sort()).toEqual(all.map((c) => `${c.id}.md`).sort());
  });

  it('keeps an index of the pages by question (vitest -u writes it)', async () => {
    await expect(index()).toMatchFileSnapshot('../../docs/checks/README.md');
  });

  it('is counted rightly where its size is told', () => {
    const told = [...text('README.md').matchAll(/(\d+) checks\]\(docs\/checks/g)].map((m) => Number(m[1]));
    expect(told.length).toBeGreaterThan(0);
    for (const number of told) expect(number).toBe(checks.length);
  });

  it('is measured whole in docs/power.md', () => {
    const measured = [...text('docs/power.md').matchAll(/^\| \[([a-z-]+)\]/gm)].map((m) => m[1]);
    expect(measured).toEqual(all.map((c) => c.id));
  });
});

describe.each(all.map((check) => [check.id, check] as const))('%s', (id, check) => {
  it('has a page and a test of its name', () => {
    expect(existsSync(new URL(`docs/checks/${id}.md`, root))).toBe(true);
    expect(existsSync(new URL(`test/checks/${id}.test.ts`, root))).toBe(true);
  });

  it('has a sentence for every message it raises, and raises every one', () => {
    const known = Object.keys(check.messages);
    const named = namedIds(id);
    for (const messageId of named) expect(known, messageId).toContain(messageId);
    const source = sourceOf(id);
    for (const messageId of known) expect(source.includes(`'${messageId}'`), messageId).toBe(true);
  });

  it('renders its sentences from numbers its source holds', () => {
    const source = sourceOf(id);
    for (const template of Object.values(check.messages)) {
      const names = placeholders(template);
      const data = Object.fromEntries(names.map((name) => [name, 0.5]));
      expect(renderMessage(template, data)).not.toMatch(/[{}]/);
      for (const name of names) expect(new RegExp(`\\b${name}\\b`).test(source), name).toBe(true);
    }
  });

  it('says what does not reconcile and nothing about people', () => {
    for (const line of [...Object.values(check.messages), ...check.innocent, check.clears])
      expect(line).not.toMatch(blame);
  });

  it('lists one to three ordinary explanations and what would clear it', () => {
    expect(check.innocent.length).toBeGreaterThanOrEqual(1);
    expect(check.innocent.length).toBeLessThanOrEqual(3);
    expect(check.clears.length).toBeGreaterThan(0);
  });

  it('works without a configuration, and refuses a limit it does not know', () => {
    expect(check.policy.safeParse({}).success).toBe(true);
    expect(check.policy.safeParse({ noSuchLimit: 1 }).success).toBe(false);
  });

  if (existsSync(new URL(`docs/checks/${id}.md`, root)))
    keepsItsPage(check as Parameters<typeof keepsItsPage>[0]);
});
