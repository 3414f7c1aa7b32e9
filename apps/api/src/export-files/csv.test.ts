import { parse } from "csv-parse/sync";
import { array, constantFrom, oneof, property, assert as propertyHolds, string, tuple } from "fast-check";
import { expect, test } from "vitest";
import { type CsvCell, type CsvColumn, createCsvFormatter } from "./csv.ts";

type Row = readonly CsvCell[];
type Total = { readonly rows: number; readonly net: number };

const names = [
  { zh: "日志", en: "Log" },
  { zh: "操作", en: "Action" },
  { zh: "净额", en: "Net" },
];
const columns = names.map((name, at): CsvColumn<Row, Total> => ({ name, value: (row) => row[at] ?? null }));
const formatter = createCsvFormatter({ columns, language: "en" });

/** Texts that spreadsheets run, and that programs split, trim, convert or cut. */
const texts = [
  ..."=+-@\t\r＝＋－＠\n\",;'| \0\ufeff\u00a0\u0085\u2028\u2029\u200b\u202e\v\f\b\x1a\x1b\x7f/\\%_*?#&<>`~^$",
  ..."=1+1|@SUM(1,2)|+1-1|-1+1|＝1+1|=A1&\"x\"|'=1|''|null|NaN|TRUE|-0|1e5|007|1,5|2026-11-01|0x1F|sep=;".split("|"),
  ...'"|""|"""|a"b|"a"|","|,,,|积分|积分，不足|😀|👨‍👩‍👧|עברית|<script>alert(1)</script>|  a  '.split("|"),
  ...["=cmd|' /C calc'!A0", "=1\r\n=2", "a\r\nb", "a\nb", "a\rb", "\r\n", "\n\r", "\r\r\n", '"\r\n"', "\n=1", "\t=1"],
  ...["", "\0=1", "a\0b", "\ufeff=1", "e\u0301", "\u{10ffff}", "x".repeat(100_000), "=".repeat(32_768)],
  ...['"'.repeat(10_000), "\r\n".repeat(10_000), "😀".repeat(20_000)],
];
const listedCells = [...texts, ...texts.map((text) => `=${text}`), ...texts.map((text) => `a${text}"`)];

/** What a text cell becomes, by the rule of the design. */
const guarded = (text: string) => (/^[=+\-@\t\r＝＋－＠]/.test(text) ? `'${text}` : text);

/** Reads CSV by the letter of RFC 4180: each quotation mark, CR and LF must be where the grammar has it. */
function readStrictly(file: string): string[][] {
  const field = /(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r\n)/y;
  const lines: string[][] = [[]];
  while (field.lastIndex < file.length) {
    const start = field.lastIndex;
    const [, quoted, plain = "", end] = field.exec(file) ?? [];
    if (end === undefined)
      throw new Error(`not RFC 4180 at ${start}: ${JSON.stringify(file.slice(start, start + 40))}`);
    lines.at(-1)?.push(quoted?.replaceAll('""', '"') ?? plain);
    if (end === "\r\n") lines.push([]);
  }
  if (lines.pop()?.length !== 0) throw new Error("the file does not end with CRLF");
  return lines;
}

/** Both readers must see the same cells. */
function expectCells(file: string, cells: readonly (readonly string[])[]): void {
  expect(readStrictly(file)).toEqual(cells);
  expect(parse(Buffer.from(file))).toEqual(cells);
}

test.each([
  { language: "zh", head: "\ufeff日志,操作,净额\r\n" },
  { language: "en", head: "\ufeffLog,Action,Net\r\n" },
] as const)(
  "a CSV file in $language begins with a byte order mark and the names of the columns",
  ({ language, head }) => {
    expect(createCsvFormatter({ columns, language }).head()).toBe(head);
  },
);

test("a CSV file is encoded as UTF-8 with the bytes EF BB BF first", () => {
  expect([...Buffer.from(formatter.head()).subarray(0, 4)]).toEqual([0xef, 0xbb, 0xbf, "L".charCodeAt(0)]);
});

test("pages of rows have no byte order mark and no names of columns", () => {
  expect(formatter.rows([["a", "b", 1]]) + formatter.rows([]) + formatter.rows([["c", null, 2]])).toBe(
    "a,b,1\r\nc,,2\r\n",
  );
});

test("the total of a CSV file is its last line, under the columns that have one", () => {
  const [log, action, net] = columns;
  if (!log || !action || !net) throw new Error("a column is missing");
  const withTotal = [
    { ...log, total: (_: Total, language: "zh" | "en") => ({ zh: "合计", en: "Total" })[language] },
    action,
    { ...net, total: (total: Total) => total.net },
  ];
  const total = { rows: 2, net: -7 };
  expect(createCsvFormatter({ columns: withTotal, language: "en" }).total(total)).toBe("Total,,-7\r\n");
  expect(createCsvFormatter({ columns: withTotal, language: "zh" }).total(total)).toBe("合计,,-7\r\n");
});

test("a whole CSV file is read back with its names, rows and total", () => {
  const file = formatter.head() + formatter.rows([["log-1", "积分", -5]]) + formatter.total({ rows: 1, net: -5 });
  expect(parse(Buffer.from(file), { bom: true })).toEqual([
    ["Log", "Action", "Net"],
    ["log-1", "积分", "-5"],
    ["", "", ""],
  ]);
});

test.each<{ cell: CsvCell; text: string; says: string }>([
  { cell: -5, text: "-5", says: "a negative number has no apostrophe" },
  { cell: -5n, text: "-5", says: "a negative bigint has no apostrophe" },
  { cell: 0, text: "0", says: "zero is not empty" },
  { cell: true, text: "true", says: "true is a word" },
  { cell: false, text: "false", says: "false is a word" },
  { cell: null, text: "", says: "null is empty" },
  { cell: "", text: "", says: "an empty text is empty" },
  { cell: "-5", text: "'-5", says: "a text that begins with a minus sign gets an apostrophe" },
  { cell: "'-5", text: "'-5", says: "a text that begins with an apostrophe stays as it is" },
  { cell: " =1", text: " =1", says: "a text that begins with a space stays as it is" },
  { cell: "a=1", text: "a=1", says: "a sign within a text stays as it is" },
  { cell: "\tx", text: "'\tx", says: "a text that begins with a tab gets an apostrophe" },
  { cell: "\r", text: `"'\r"`, says: "CR alone gets an apostrophe within quotation marks" },
  { cell: "a\nb", text: `"a\nb"`, says: "LF alone is quoted" },
  { cell: "＝1", text: "'＝1", says: "a text that begins with a full-width sign gets an apostrophe" },
  {
    cell: '=A("x","y")',
    text: `"'=A(""x"",""y"")"`,
    says: "the apostrophe of a formula is within the quotation marks",
  },
])("in a CSV cell, $says", ({ cell, text }) => {
  expect(formatter.rows([["a", cell, 1]])).toBe(`a,${text},1\r\n`);
});

test("a name of a column that begins like a formula gets an apostrophe too", () => {
  const net = { name: { zh: "-净额", en: "-Net" }, value: () => 1 };
  expect(createCsvFormatter({ columns: [net, net], language: "en" }).head()).toBe("\ufeff'-Net,'-Net\r\n");
});

test("more than 200 listed cells are read back by a second library and by a strict reader", () => {
  expect(listedCells.length).toBeGreaterThan(200);
  const rows = listedCells.map((cell, at) => [cell, listedCells.at(-at) ?? "", at]);
  const cells = rows.map((row) => row.map((cell) => (typeof cell === "string" ? guarded(cell) : String(cell))));
  expectCells(formatter.rows(rows), cells);
});

test("any texts are read back by a second library and by a strict reader, whatever the pages are", () => {
  const sign = constantFrom(..."=+-@\t\r\n\",;'|＝＋－＠ \0\ufeff\u2028a1积😀");
  const cell = oneof(
    string({ unit: sign, maxLength: 12 }),
    string({ unit: "binary-ascii" }),
    constantFrom(...listedCells.filter(({ length }) => length < 100)),
  );
  void propertyHolds(
    property(array(tuple(cell, cell, cell), { minLength: 1, maxLength: 10 }), (rows) => {
      const file = rows.map((row) => formatter.rows([row])).join("");
      expect(formatter.rows(rows)).toBe(file);
      expectCells(
        file,
        rows.map((row) => row.map(guarded)),
      );
    }),
    { numRuns: 500 },
  );
});
