import writeXlsxFile from 'write-excel-file/node';
import type { Statement } from '../model/statement.ts';
import { type Cell, mostCharacters, type Table } from './csv.ts';
import { plainText } from './plain-text.ts';
import { statementTables } from './statement-tables.ts';

const names = {
  summary: 'Summary',
  findings: 'Findings',
  records: 'Records',
  decisions: 'Decisions',
  trueUps: 'True-ups',
  parameters: 'Parameters',
} as const;

/**
 * A statement as an Excel workbook: summary, findings, records, decisions, true-ups, parameters. Text is always a text cell,
 * whatever it begins with, so nothing in the data becomes a formula; control characters and marks that turn reading
 * direction become spaces, and text is cut at 30,000 characters. The same statement gives the same bytes.
 */
export async function statementXlsx(statement: Statement): Promise<Uint8Array> {
  const tables = statementTables(statement);
  const sheets = Object.entries(names).map(([key, sheet]) => {
    const { header, rows } = tables[key as keyof typeof names];
    return {
      sheet,
      stickyRowsCount: 1,
      columns: widths({ header, rows }),
      data: [
        header.map((title) => ({ value: title, type: String, fontWeight: 'bold' as const })),
        ...rows.map((row) => row.map(cellOf)),
      ],
    };
  });
  return withoutTimes(await writeXlsxFile(sheets).toBuffer());
}

function cellOf(cell: Cell) {
  if (cell === null || cell === '') return null;
  if (typeof cell === 'number') return { value: cell, type: Number };
  if (typeof cell === 'boolean') return { value: cell, type: Boolean };
  return { value: plainText(cell, mostCharacters), type: String };
}

/** Widths by what the first rows hold, in characters. */
function widths({ header, rows }: Table) {
  return header.map((title, i) => ({
    width: Math.min(
      60,
      rows
        .slice(0, 50)
        .reduce((most, row) => Math.max(most, String(row[i] ?? '').length + 2), title.length + 2),
    ),
  }));
}

/** The first moment a zip file can name, 1 January 1980. */
const noTime = 0x00210000;

/** Takes the times out of a zip file, which hold when it was packed, so that the same content is the same file. */
function withoutTimes(zip: Buffer): Uint8Array {
  const end = zip.lastIndexOf(Buffer.from('PK\x05\x06'));
  let at = zip.readUInt32LE(end + 16);
  for (let left = zip.readUInt16LE(end + 10); left > 0; left -= 1) {
    zip.writeUInt32LE(noTime, at + 12);
    zip.writeUInt32LE(noTime, zip.readUInt32LE(at + 42) + 10);
    at += 46 + zip.readUInt16LE(at + 28) + zip.readUInt16LE(at + 30) + zip.readUInt16LE(at + 32);
  }
  return zip;
}
