import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { alertRows, firstMonday, replay } from '../../bench/replay.ts';

const page = readFileSync(fileURLToPath(new URL('../../docs/alerts.md', import.meta.url)), 'utf8');
const rows = page.split('\n').filter((line) => /^\| 202\d-\d\d-\d\d \|/.test(line));
const cells = rows
  .map((row) => row.split(' | '))
  .map(([on, id, subject]) => ({
    on: on!.replace('| ', ''),
    id: id!.replaceAll('`', ''),
    subject: subject!.replace(' |', ''),
  }));
const flags = cells.filter(({ id }) => !/^(incident|digest|reminder)@/.test(id));
const incidents = cells.filter(({ id }) => id.startsWith('incident@'));

describe('the list of alerts that two years of the example send', () => {
  it('names every alert once', () => {
    expect(rows.length).toBeGreaterThan(20);
    expect(new Set(cells.map(({ id }) => id)).size).toBe(rows.length);
  });

  it('tells a flag again only when its verdict changed, or its money by 5 % or more', () => {
    const last = new Map<string, { verdict: string; held: number }>();
    for (const { id } of flags) {
      const [, about, verdict, held] = /^(.+)@\d+\.([a-z_]+)\.(\d+)$/.exec(id)!;
      const before = last.get(about!);
      const now = { verdict: verdict!, held: Number(held) };
      if (before) {
        const moved = Math.abs(now.held - before.held) / Math.max(now.held, before.held, 1);
        expect(now.verdict !== before.verdict || moved >= 0.05, id).toBe(true);
      } else expect(now.verdict, id).not.toBe('clear');
      last.set(about!, now);
    }
    expect(last.size).toBeGreaterThan(5);
  });

  it('tells an incident when it opened and when it was over, in this order', () => {
    const events = new Map<string, string[]>();
    for (const { id } of incidents) {
      const at = id.lastIndexOf('@');
      const about = id.slice(0, at);
      events.set(about, [...(events.get(about) ?? []), id.slice(at + 1)]);
    }
    expect(events.size).toBeGreaterThan(0);
    for (const [about, told] of events) expect(told, about).toEqual(['open', 'closed']);
  });

  it('is what the pipeline sends: its first weeks, replayed', async () => {
    const lastDay = '2025-02-03';
    const sent = await replay(firstMonday, lastDay, () => undefined);
    expect(sent.length).toBeGreaterThan(0);
    expect(alertRows(sent)).toEqual(rows.filter((_, i) => cells[i]!.on <= lastDay));
  }, 120_000);
});
