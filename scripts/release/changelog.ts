/** A change as its author described it for the next release. */
type Described = { readonly summary: string; readonly releases: readonly { readonly type: string }[] };

const headings = [
  { type: "major", title: "Breaking changes" },
  { type: "minor", title: "New" },
  { type: "patch", title: "Fixed" },
] as const;

/** The largest kind of a change: it concerns several packages, which have one version. */
const typeOf = ({ releases }: Described) =>
  headings.find(({ type }) => releases.some((release) => release.type === type))?.type;

/** Adds a version to the text of the changelog, above the earlier ones. @param date YYYY-MM-DD */
export function withVersion(
  changelog: string,
  {
    version,
    date,
    changes,
  }: { readonly version: string; readonly date: string; readonly changes: readonly Described[] },
): string {
  const sections = headings.flatMap(({ type, title }) => {
    const summaries = changes.filter((change) => typeOf(change) === type).map(({ summary }) => summary.trim());
    const items = summaries.map((summary) => `- ${summary.replaceAll("\n", "\n  ")}`);
    return items.length === 0 ? [] : [`### ${title}\n\n${items.join("\n")}\n`];
  });
  const at = changelog.search(/^## /m);
  const [head, earlier] =
    at === -1 ? [`${changelog.trimEnd()}\n\n`, ""] : [changelog.slice(0, at), changelog.slice(at)];
  return `${head}## ${version} (${date})\n\n${sections.join("\n")}${earlier === "" ? "" : `\n${earlier}`}`;
}

/** The text of one version in the changelog, for the page of its release. */
export function versionText(changelog: string, version: string): string {
  const [, text = ""] = changelog.split(`## ${version} (`);
  return text.slice(text.indexOf("\n"), text.search(/^## /m) === -1 ? undefined : text.search(/^## /m)).trim();
}
