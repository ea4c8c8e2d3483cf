import { type Column, type Contract, contracts, moneyMetrics } from '../model/datasets.ts';

const kinds: readonly (readonly [kind: string, meaning: string])[] = [
  ['text', 'any text on one line; a few columns may have line breaks, and say so'],
  ['note', 'any text; it stays in the file as delivered and is not kept'],
  ['count', 'digits only: no sign, fraction, exponent, separator or blank'],
  ['decimal', 'digits, optionally a dot and digits'],
  ['money', 'decimal major units, at most as many decimals as the currency has; kept as whole minor units'],
  ['value', `a count; money for ${moneyMetrics.join(' and ')}`],
  ['date', '`YYYY-MM-DD`, an existing date'],
  [
    'time',
    'a date, or `YYYY-MM-DDTHH:MM[:SS]` (a blank for the T will do), optionally with `Z` or an offset; without one in the time zone of the unit',
  ],
  ['period', '`YYYY-MM` or `YYYY-Qn`'],
  ['enum', 'one of the values listed, in lower case'],
  ['email, phone, company, person', 'any text; kept as keyed hashes only'],
  ['unit', 'a unit of the configuration'],
];

/** `docs/datasets.md`: every dataset and column, as the contracts have them. */
export function datasetsPage(): string {
  const sections = Object.entries(contracts as Readonly<Record<string, Contract>>).map(([name, contract]) =>
    sectionOf(name, contract),
  );
  return `# Datasets

What a file of each dataset must hold. Written from the contracts in \`lib/model/datasets.ts\`; change those, not this page.

CSV (RFC 4180 in UTF-8; cells separated by \`,\`, \`;\` or tab, told from the header), JSON Lines or Parquet, plain or gzip.
Columns are found by name, in any order. A column that is not listed here is refused by name, unless the source's
\`columns\` in the configuration gives it a name of ours, or \`null\` to leave it out. Dates and times may not lie ahead of
the day of reading, except where it says so, nor before 1990. Required columns are bold: neither they nor any of their cells may be missing.

A row that breaks a rule is set aside with its line and the reason. A file is refused whole when more than 5 % of its
lines are bad, when it is not UTF-8, truncated or damaged, or when its lines do not add up: rows, header and blank lines
must be all lines of the file. A cell may have 1 MB, a record 4 MB.

| kind | what is read |
|---|---|
${kinds.map(([kind, meaning]) => `| ${kind} | ${meaning} |`).join('\n')}

${sections.join('\n')}`;
}

function sectionOf(name: string, { about, key, replacesDates, date, columns }: Contract): string {
  const identity =
    key === 'row'
      ? 'Rows equal in every column count once.'
      : `Rows of one delivery with the same ${key.map((column) => `\`${column}\``).join(', ')} are one row when they are equal, and all set aside when they differ.`;
  const slices =
    replacesDates || name === 'traffic' || name === 'counts' ? ' A batch replaces the dates it holds.' : '';
  const rows = Object.entries(columns).map(
    ([column, contract]) =>
      `| ${contract.required ? `**${column}**` : column} | ${kindOf(contract)} | ${contract.about}${limitsOf(contract)} |`,
  );
  return `## ${name}

${about} ${identity} A row belongs to the date of \`${date}\`.${slices}

| column | kind | what |
|---|---|---|
${rows.join('\n')}
`;
}

function kindOf({ kind, values, fallback }: Column): string {
  if (!values) return kind;
  return `${values.join(', ')}${fallback ? `; anything else is kept as ${fallback}` : ''}`;
}

function limitsOf({ alias, mayBeFuture, multiline, kind }: Column): string {
  const limits = [
    alias && `may be named \`${alias}\``,
    mayBeFuture && 'may lie ahead',
    multiline && kind !== 'note' && 'may have line breaks',
  ].filter(Boolean);
  return limits.length > 0 ? `; ${limits.join(', ')}` : '';
}
