import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { run } from '../../lib/local/run-command.ts';
import { agreementHtml } from '../../lib/reports/agreement-page.ts';
import { statementHtml } from '../../lib/reports/statement-html.ts';
import { weeklyHtml } from '../../lib/reports/weekly-html.ts';
import { anAgreement } from '../reports/business-sample.ts';
import { hostileReport } from '../reports/hostile-report.ts';
import { aLargeReport, aReport } from '../reports/sample.ts';
import { aStatement, hostileStatement } from '../reports/statement-sample.ts';
import {
  misfits,
  open,
  printWidths,
  screenWidths,
  seriousViolations,
  sheets,
  startBrowser,
} from './browser.ts';

const example = resolve(import.meta.dirname, '../../examples/marketing-director');
const names = [
  'report',
  'agreement',
  'sample report',
  'large report',
  'hostile report',
  'hostile agreement',
  'statement',
  'hostile statement',
] as const;
const pages = new Map<string, string>();
let browser: Browser;

beforeAll(async () => {
  browser = await startBrowser();
  const cwd = await mkdtemp(join(tmpdir(), 'bonafide-browser-'));
  const stage = {
    cwd,
    now: () => new Date('2026-09-20T06:00:00Z'),
    out: () => {},
    err: () => {},
    isTerminal: false,
    env: process.env,
  };
  await run({ config: join(example, 'bonafide.yaml'), data: example, out: 'out', asOf: '2026-09-20' }, stage);
  for (const name of ['report', 'agreement'])
    pages.set(name, await readFile(join(cwd, 'out', `${name}.html`), 'utf8'));
  await rm(cwd, { recursive: true, force: true });
  const hostile = `<script>console.log(1)</script>${'W'.repeat(10_000)}\u202Eabc`;
  pages.set('sample report', await weeklyHtml(aReport()));
  pages.set('large report', await weeklyHtml(aLargeReport(50, 24)));
  pages.set('hostile report', await weeklyHtml(hostileReport(hostile)));
  pages.set('statement', await statementHtml(aStatement()));
  pages.set('hostile statement', await statementHtml(hostileStatement));
  const { terms, records, ...agreement } = anAgreement();
  pages.set(
    'hostile agreement',
    await agreementHtml({
      ...agreement,
      organisation: hostile,
      owners: { marketing: hostile, sales: hostile },
      terms: {
        ...terms,
        reasons: [{ code: hostile, needsContact: true }],
        criteria: { version: hostile, text: hostile },
      },
      records: records.map((r) => ({
        ...r,
        unit: hostile,
        reasons: [{ reason: hostile, count: 1, isAgreed: true }],
        undecided: r.undecided.map((u) => ({ ...u, sqlId: hostile })),
      })),
    }),
  );
});

afterAll(() => browser?.close());

describe.each(names)('the page %s', (name) => {
  it('fits every screen from 360 to 1600 px, no label cut, and says nothing on the console', async () => {
    const { page, messages, requests } = await open(browser, pages.get(name)!);
    for (const width of screenWidths) {
      await page.setViewportSize({ width, height: 900 });
      expect(await misfits(page), `${width} px`).toEqual([]);
    }
    expect(messages).toEqual([]);
    expect(requests).toEqual([]);
    await page.close();
  });

  it('fits the sheet when printed, A4 and Letter', async () => {
    const { page } = await open(browser, pages.get(name)!);
    await page.emulateMedia({ media: 'print' });
    for (const [sheet, width] of Object.entries(printWidths)) {
      await page.setViewportSize({ width, height: 900 });
      expect(await misfits(page), sheet).toEqual([]);
    }
    await page.close();
  });

  // The large report has the parts of the others, only more of them: axe would look at each for minutes.
  if (name !== 'large report')
    it('has no serious fault that a screen reader or a weak eye would meet', async () => {
      const { page } = await open(browser, pages.get(name)!);
      for (const width of [360, 1280]) {
        await page.setViewportSize({ width, height: 900 });
        expect(await seriousViolations(page), `${width} px`).toEqual([]);
      }
      await page.close();
    });
});

describe('page one of the weekly report', () => {
  it.each(['report', 'sample report', 'large report'])('prints on one page: %s', async (name) => {
    const { page } = await open(browser, pages.get(name)!);
    expect(await sheets(page, 'A4')).toBeGreaterThan(1);
    await page.evaluate(() => {
      for (const section of document.querySelectorAll('main > :not(.front)')) section.remove();
    });
    for (const format of ['A4', 'Letter'] as const) expect(await sheets(page, format), format).toBe(1);
    await page.close();
  });
});
