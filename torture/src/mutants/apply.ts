import { Lang, parse, type SgNode } from "@ast-grep/napi";
import type { Edit } from "./mutant.ts";

const scopeKinds = ["function_declaration", "method_definition", "variable_declarator", "class_declaration"];

/** A comment between two nodes would keep a pattern from matching. */
function withoutComments(source: string): string {
  const root = parse(Lang.TypeScript, source).root();
  return root.commitEdits(root.findAll({ rule: { kind: "comment" } }).map((comment) => comment.replace("")));
}

function onlyOne(nodes: readonly SgNode[], what: string): SgNode {
  const [node] = nodes;
  if (!node || nodes.length !== 1) throw new Error(`expected one ${what}, found ${nodes.length}`);
  return node;
}

function scopeOf(root: SgNode, { file, within }: Edit): SgNode {
  const name = { field: "name", regex: `^${within.replace("$", "\\$")}$` };
  const scopes = root.findAll({ rule: { any: scopeKinds.map((kind) => ({ kind, has: name })) } });
  return onlyOne(scopes, `"${within}" in ${file}`);
}

function replacementOf(node: SgNode, { replacement }: Edit): string {
  if (typeof replacement === "function") return replacement(node.text());
  return replacement.replaceAll(/\$([A-Z]+)/g, (_, name: string) => node.getMatch(name)?.text() ?? "");
}

function applyEdit(source: string, edit: Edit): string {
  const { file, within, pattern, selector } = edit;
  const root = parse(Lang.TypeScript, source).root();
  const rule = { pattern: { context: pattern, ...(selector === undefined ? {} : { selector }) } };
  const nodes = scopeOf(root, edit).findAll({ rule });
  const node = onlyOne(nodes, `place in "${within}" of ${file} that matches ${pattern}`);
  const replacement = replacementOf(node, edit);
  if (replacement === node.text()) throw new Error(`the edit of "${within}" in ${file} changes nothing: ${pattern}`);
  return root.commitEdits([node.replace(replacement)]);
}

/**
 * Applies edits to the source of one file.
 * @throws Error when a pattern does not match exactly once, or when its replacement changes nothing.
 */
export const applyEdits = (source: string, edits: readonly Edit[]): string =>
  edits.reduce(applyEdit, withoutComments(source));
