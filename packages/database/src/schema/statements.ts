/** One statement of a script, and the line on which it begins. */
export type Statement = { readonly text: string; readonly line: number };

/** Where a semicolon does not end a statement: comments, quoted texts and names, and the bodies of functions. */
const dialects = {
  postgresql: {
    comment: String.raw`--[^\n]*|/\*[\s\S]*?\*/`,
    quoted: String.raw`\b[eE]'(?:[^'\\]|\\[\s\S]|'')*'|'(?:[^']|'')*'|"(?:[^"]|"")*"|\$(?<tag>\w*)\$[\s\S]*?\$\k<tag>\$`,
  },
  mysql: {
    // A comment that begins with an exclamation mark is executed.
    comment: String.raw`--\s[^\n]*|#[^\n]*|/\*(?!M?!)[\s\S]*?\*/`,
    quoted: String.raw`'(?:[^'\\]|\\[\s\S]|'')*'|"(?:[^"\\]|\\[\s\S]|"")*"|${"`[^`]*`"}|/\*M?![\s\S]*?\*/`,
  },
} as const;

/** Splits a script at the semicolons that end its statements. Leaves out comments before a statement. */
export function statementsOf(kind: keyof typeof dialects, script: string): readonly Statement[] {
  const { comment, quoted } = dialects[kind];
  const tokens = script.matchAll(new RegExp(`${comment}|${quoted}|;`, "g"));
  const ends = [...tokens].filter(([token]) => token === ";").map(({ index }) => index);
  const leading = new RegExp(`(?:\\s|${comment})*`, "y");
  let from = 0;
  return [...ends, script.length].flatMap((end) => {
    leading.lastIndex = from;
    const begin = Math.min(end, from + (leading.exec(script)?.[0].length ?? 0));
    from = end + 1;
    const text = script.slice(begin, end).trimEnd();
    return text === "" ? [] : [{ text, line: script.slice(0, begin).split("\n").length }];
  });
}
