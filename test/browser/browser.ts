import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import axe from 'axe-core';
import { type Browser, chromium, type Page } from 'playwright-core';

/** Where Debian's package puts it. */
const debians = '/usr/bin/chromium';

/** A browser with one page open, and what it said and asked for. */
export interface Opened {
  readonly page: Page;
  /** Messages of the console and errors of the page. */
  readonly messages: string[];
  /** Addresses asked for besides the page itself. */
  readonly requests: string[];
}

/**
 * Starts the browser these tests look at pages with.
 * @throws {Error} there is none; the message says how to get one.
 */
export async function startBrowser(): Promise<Browser> {
  const path = process.env.CHROMIUM ?? debians;
  if (!existsSync(path))
    throw new Error(`there is no ${path}: install Debian's package chromium, or name one in CHROMIUM`);
  return chromium.launch({ executablePath: path, args: ['--no-sandbox'] });
}

/** Opens a page from a file, as a reader would. */
export async function open(browser: Browser, document: string): Promise<Opened> {
  const folder = await mkdtemp(join(tmpdir(), 'bonafide-page-'));
  const file = join(folder, 'page.html');
  await writeFile(file, document);
  const page = await browser.newPage();
  const messages: string[] = [];
  const requests: string[] = [];
  page.on('console', (message) => messages.push(message.text()));
  page.on('pageerror', (error) => messages.push(String(error)));
  const own = pathToFileURL(file).href;
  page.on('request', (request) => {
    if (request.url() !== own) requests.push(request.url());
  });
  await page.goto(own);
  await rm(folder, { recursive: true, force: true });
  return { page, messages, requests };
}

/** What does not fit: the page itself, cells wider than their column, labels cut by their chart or over each other. */
export async function misfits(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const found: string[] = [];
    const root = document.documentElement;
    if (root.scrollWidth > root.clientWidth) found.push(`page ${root.scrollWidth} of ${root.clientWidth} px`);
    const told = (of: Element) => (of.textContent ?? '').trim().slice(0, 40);
    for (const element of document.querySelectorAll(
      'h1, h2, h3, p, li, dd, dt, td > div, th, figcaption, pre, summary',
    )) {
      const { left, right, width } = element.getBoundingClientRect();
      if (
        width === 0 ||
        element.closest('.scroll') ||
        (element.closest('thead')?.getBoundingClientRect().left ?? 0) < -1000
      )
        continue;
      if (right > root.clientWidth + 1 || left < -1) found.push(`outside: ${told(element)}`);
      if (element.scrollWidth > element.clientWidth + 1 && getComputedStyle(element).display !== 'inline')
        found.push(`cut: ${told(element)}`);
    }
    for (const svg of document.querySelectorAll('svg')) {
      const frame = svg.getBoundingClientRect();
      if (frame.width === 0) continue;
      const labels = [...svg.querySelectorAll('text')].map((text) => ({
        text,
        box: text.getBoundingClientRect(),
      }));
      for (const { text, box } of labels)
        if (
          box.left < frame.left - 1 ||
          box.right > frame.right + 1 ||
          box.top < frame.top - 1 ||
          box.bottom > frame.bottom + 1
        )
          found.push(`label cut: ${told(text)}`);
      labels.forEach((a, i) => {
        for (const b of labels.slice(i + 1)) {
          const across = Math.min(a.box.right, b.box.right) - Math.max(a.box.left, b.box.left);
          const down = Math.min(a.box.bottom, b.box.bottom) - Math.max(a.box.top, b.box.top);
          if (across > 1 && down > 3) found.push(`labels over each other: ${told(a.text)}, ${told(b.text)}`);
        }
      });
    }
    return found;
  });
}

/** Violations of accessibility that axe calls serious or critical. */
export async function seriousViolations(page: Page): Promise<string[]> {
  await page.evaluate(axe.source);
  return page.evaluate(async () => {
    const { violations } = await (window as unknown as { axe: typeof axe }).axe.run();
    return violations
      .filter((v) => v.impact === 'serious' || v.impact === 'critical')
      .map(
        (v) =>
          `${v.id}: ${v.nodes
            .map((n) => n.html.slice(0, 120))
            .slice(0, 3)
            .join(' | ')}`,
      );
  });
}

/** Sheets that a document takes when printed. */
export async function sheets(page: Page, format: 'A4' | 'Letter'): Promise<number> {
  const pdf = await page.pdf({ format });
  return (pdf.toString('latin1').match(/\/Type\s*\/Page\b(?!s)/g) ?? []).length;
}

/** Width of the printed area in pixels: the sheet less the margins of the style sheet. */
export const printWidths = { A4: 688, Letter: 710 } as const;

/** Widths that readers' screens have, in pixels. */
export const screenWidths = [360, 480, 768, 1024, 1280, 1600] as const;
