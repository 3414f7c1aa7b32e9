import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { versionText, withVersion } from "./changelog.ts";

const patch = { summary: "Fixes a sum.", releases: [{ type: "patch" }] };
const minor = { summary: "Adds gifts.\nWith a second line.", releases: [{ type: "patch" }, { type: "minor" }] };

test("a version stands above the earlier ones, with its changes by their largest kind", () => {
  const first = withVersion("# Changelog\n\nAll versions.\n", {
    version: "0.1.0",
    date: "2026-01-02",
    changes: [patch],
  });
  const second = withVersion(first, { version: "0.2.0", date: "2026-02-03", changes: [patch, minor] });
  expect(second).toBe(
    "# Changelog\n\nAll versions.\n\n## 0.2.0 (2026-02-03)\n\n### New\n\n- Adds gifts.\n  With a second line.\n\n### Fixed\n\n- Fixes a sum.\n\n## 0.1.0 (2026-01-02)\n\n### Fixed\n\n- Fixes a sum.\n",
  );
  expect(versionText(second, "0.2.0")).toMatch(/^### New\n[\s\S]*- Fixes a sum\.$/);
  expect(versionText(second, "0.1.0")).toBe("### Fixed\n\n- Fixes a sum.");
});

test("the version of the packages is in the changelog", () => {
  const read = (path: string) => readFileSync(new URL(`../../${path}`, import.meta.url), "utf8");
  const { version } = JSON.parse(read("apps/api/package.json")) as { version: string };
  expect(versionText(read("CHANGELOG.md"), version)).not.toBe("");
});
