import { gzipSync } from 'node:zlib';
import { beforeAll, describe, expect, it } from 'vitest';
import { validate } from '../../lib/local/validate-command.ts';
import { configText, csvOf, filesOf, madeCompany } from './made-company.ts';
import { told, workplace } from './workplace.ts';

const company = madeCompany();
const files = filesOf(company);
const traffic = files['traffic.csv']!;
const { 'traffic.csv': _, ...others } = files;

type Content = string | Uint8Array;
let place: Awaited<ReturnType<typeof workplace>>;
beforeAll(async () => {
  place = await workplace({});
});

/** `bonafide validate` on other files, or another configuration, of the same company. */
async function validated(data: Readonly<Record<string, Content>>, config = configText) {
  const own = await workplace(data, config);
  return told(own.folder, (stage) => validate({ config: 'bonafide.yaml', data: 'data' }, stage));
}
const withTraffic = (content: Content, name = 'traffic.csv') => validated({ ...others, [name]: content });
/** The traffic file with line `n` (from 1) changed. */
const lineChanged = (n: number, change: (line: string) => string, text = traffic) =>
  text
    .split('\n')
    .map((line, i) => (i + 1 === n ? change(line) : line))
    .join('\n');
const column = (index: number, value: string) => (line: string) =>
  line
    .split(',')
    .map((cell, i) => (i === index ? value : cell))
    .join(',');

describe('a file is refused whole, with its line and what was expected,', () => {
  const gzipped = gzipSync(traffic);
  it.each<[string, Content, string]>([
    ['when it is empty', '', 'traffic.csv: line 1: an empty file; expected a header line and rows'],
    [
      'for a column that is not known',
      traffic.replace('medium', 'mediun'),
      'traffic.csv: line 1, column mediun: unknown column "mediun"; expected "medium"?',
    ],
    [
      'for a required column that is missing',
      csvOf(company.traffic.map(({ sessions: _sessions, ...line }) => line)),
      'traffic.csv: line 1, column sessions: required column "sessions" missing; expected a header with',
    ],
    [
      'for a column that is there twice',
      traffic.replace('engaged_sessions', 'sessions'),
      'traffic.csv: line 1, column sessions: column "sessions" is there twice (columns 6 and 7); expected each column once',
    ],
    [
      'for another delimiter',
      traffic.replaceAll(',', '|'),
      'traffic.csv: line 1: cells are separated by "|"; expected cells separated by ",", ";" or tab',
    ],
    [
      'for Latin-1',
      Buffer.from(lineChanged(4, column(1, 'müller')), 'latin1'),
      'traffic.csv: line 4: not UTF-8: looks like Latin-1 (ISO 8859-1 or Windows-1252); expected UTF-8',
    ],
    [
      'for UTF-16',
      Buffer.from(`\uFEFF${traffic}`, 'utf16le'),
      'traffic.csv: line 1: not UTF-8: looks like UTF-16; expected UTF-8',
    ],
    [
      'when more than 5 % of its lines are bad',
      traffic.replaceAll(/^2025-0(1-0.|2-2.)/gm, 'x'),
      'traffic.csv: line 2, column date: 36 of 424 lines are bad; the first: no such date; expected at most 5 % bad lines; an existing date YYYY-MM-DD',
    ],
  ])('%s', async (_name, content, message) => {
    const end = await withTraffic(content);
    expect(end.err).toContain(message);
    expect(end.err.trim().split('\n')).toHaveLength(1);
    expect(end.code).toBe(3);
    expect(end.out).toContain('leads.csv: leads of crm, 598 good rows, 0 bad');
  });

  it('when its gzip ends in the middle', async () => {
    const end = await withTraffic(gzipped.subarray(0, gzipped.length - 200), 'traffic.csv.gz');
    expect(end.err).toMatch(
      /^traffic\.csv\.gz: line \d+: truncated gzip: it ends in the middle; expected the whole file$/m,
    );
    expect(end.code).toBe(3);
  });
});

describe('a row is set aside, with its line and what was expected,', () => {
  it.each<[string, (line: string) => string, string]>([
    [
      'for a negative count',
      column(4, '-3'),
      'column unique_visitors: not such a number; expected a whole number',
    ],
    [
      'for a count beyond all numbers',
      column(4, '1e309'),
      'column unique_visitors: not such a number; expected a whole number',
    ],
    [
      'for a date that does not exist',
      column(0, '2025-02-30'),
      'column date: no such date; expected an existing date YYYY-MM-DD',
    ],
    ['for a date in the future', column(0, '2999-01-01'), 'column date: in the future; expected 20'],
    [
      'for a cell too few',
      (line) => line.replace(/,\d+$/, ''),
      '6 cells; expected 7 cells, as in the header',
    ],
    [
      'for a quote that never closes, and no line after it is lost',
      column(1, '"google'),
      'a quote that never closes; expected a closing quote',
    ],
    [
      'for control characters',
      column(1, 'goo\0gle'),
      'column source: control characters; expected text on one line',
    ],
  ])('%s', async (_name, change, message) => {
    const end = await withTraffic(lineChanged(7, change));
    expect(end.out).toMatch(/traffic\.csv: traffic of web, 423 good rows, 1 bad/);
    expect(end.out).toContain(`  traffic.csv: line 7`);
    expect(end.out).toContain(message);
    expect(end.code).toBe(0);
  });

  it('both of them, when two rows of one key differ', async () => {
    const line = traffic.split('\n')[1]!;
    const end = await withTraffic(`${traffic}${column(4, '1')(line)}\n`);
    expect(end.out).toContain('traffic.csv: traffic of web, 423 good rows, 2 bad');
    for (const number of [2, 426])
      expect(end.out).toContain(
        `traffic.csv: line ${number}: another row has the same key and other values; expected one row a key, or equal rows`,
      );
  });
});

describe('nothing is lost', () => {
  it.each<[string, string]>([
    ['of a file with a byte order mark', `\uFEFF${traffic}`],
    ['of a file without a line end at its end', traffic.trimEnd()],
    ['of a file with blank lines', traffic.replaceAll('\n', '\n\n')],
    ['of a file with Windows line ends', traffic.replaceAll('\n', '\r\n')],
    ['of rows that are there twice', traffic + traffic.slice(traffic.indexOf('\n') + 1)],
  ])('%s', async (name, content) => {
    const end = await withTraffic(content);
    const rows = name.endsWith('twice') ? 848 : 424;
    expect(end.out).toContain(`traffic.csv: traffic of web, ${rows} good rows, 0 bad`);
    expect(end.code).toBe(0);
  });

  it('of local times that daylight saving skips or repeats; the skipped ones are noted', async () => {
    const skipped = lineChanged(4, column(1, '2025-03-30T02:30:00'), files['leads.csv']);
    const end = await validated({
      ...files,
      'leads.csv': lineChanged(5, column(1, '2024-10-27T02:30:00'), skipped),
    });
    expect(end.out).toContain('leads.csv: leads of crm, 598 good rows, 0 bad');
    expect(end.out).toMatch(/ {2}leads\.csv: line 4, column created_at: .*\(1 row\)/);
  });

  it('unseen of a file that no source goes by', async () => {
    const end = await validated({ ...files, 'leads.xlsx': 'PK', 'notes.docx': 'PK', 'visits.csv': traffic });
    expect(end.out).toContain(
      'Not read, because no source goes by that name, or it is no CSV, JSON Lines or Parquet: leads.xlsx, visits.csv',
    );
  });

  it('says so of a file with a header only', async () => {
    const end = await withTraffic(`${traffic.split('\n')[0]}\n`);
    expect(end.out).toContain('traffic.csv: traffic of web, 0 good rows, 0 bad');
  });
});

describe('a configuration is refused, with file, line and what was expected,', () => {
  const changed = (from: string, to: string) => configText.replace(from, to);
  it.each<[string, Content, string]>([
    [
      'for a typo',
      changed('timezone', 'timezon'),
      'bonafide.yaml:2:1: unknown key "timezon"; did you mean "timezone"?',
    ],
    [
      'for a typo inside a source',
      changed('settling', 'setling'),
      'bonafide.yaml:7:46: sources.0: unknown key "setling"; did you mean "settling"?',
    ],
    [
      'for a zone that does not exist',
      changed('Berlin', 'Berln'),
      'bonafide.yaml:2:11: timezone: expected an IANA time zone such as Europe/Berlin, got "Europe/Berln"',
    ],
    [
      'for a KPI no source delivers',
      changed('kpi: leads', 'kpi: revenue'),
      'bonafide.yaml:24:16: plans.0.kpis.1.kpi: no source delivers "deals" or "counts"',
    ],
    [
      'for a pay date before the data are ripe',
      changed('P15D', 'P2D'),
      'bonafide.yaml:20:15: plans.0.payAfter: period 2026-01 is paid on 2026-02-03, but its data are ripe only on',
    ],
    [
      'for a plan without KPIs',
      configText.replace(/kpis:[\s\S]*/, 'kpis: []\n'),
      'bonafide.yaml:22:11: plans.0.kpis: expected at least one KPI',
    ],
    [
      'for a check there is none of',
      `${configText}checks:\n  traffic-spyke: {}\n`,
      'there is no check "traffic-spyke"; did you mean "traffic-spike"?',
    ],
    [
      'for a limit a check does not have',
      `${configText}checks:\n  claim-mismatch: { minShar: 1 }\n`,
      'checks.claim-mismatch: unknown key "minShar"; did you mean "minShare"?',
    ],
    ['when it is empty', '', 'bonafide.yaml:1:1: expected a map of keys, got nothing'],
    [
      'when it is not UTF-8',
      Buffer.from(configText.replace('Made', 'Müller'), 'latin1'),
      'bonafide.yaml is not UTF-8; save it as UTF-8',
    ],
    [
      'when its country has no holidays',
      `country: XX\n${configText}`,
      'country: there is no holiday calendar "XX"',
    ],
  ])('%s', async (_name, text, message) => {
    await place.write({ 'bonafide.yaml': text });
    const end = await told(place.folder, (stage) => validate({ config: 'bonafide.yaml' }, stage));
    expect(end.err).toContain(message);
    expect(end.code).toBe(3);
    expect(end.out).toBe('');
  });
});
