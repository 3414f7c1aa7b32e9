import { describe, expect, test } from "vitest";
import { settingTable } from "../../apps/api/src/settings/settings.ts";
import { files, isTest, packages, read, root, sources } from "./sources.ts";

/** A longer file holds more than one thing. */
const MAX_LINES = 300;

const documented = [
  "packages/core",
  "packages/ledger",
  "packages/contract",
  "packages/database",
  "packages/gateways",
  "packages/client",
];

describe("files", () => {
  test("no source file has more than 300 lines", () => {
    const long = sources.filter((file) => read(file).split("\n").length > MAX_LINES);
    expect(long).toEqual([]);
  });

  test("no file is called utils, helpers, common, manager or V2", () => {
    expect(
      files.filter((file) => /(^|[/.-])(utils?|helpers?|common|manager|misc)([/.-]|$)|V\d+\.tsx?$/.test(file)),
    ).toEqual([]);
  });

  test("no file contains a to-do mark or a path of the machine it was written on", () => {
    const text = files.filter((file) => !/pnpm-lock\.yaml$|\.(png|ico|svg)$/.test(file));
    expect(
      text.filter((file) => /\b(T[O]DO|F[I]XME|X[X]X)\b/.test(read(file)) || read(file).includes(`${root}/`)),
    ).toEqual([]);
  });

  test("no test is marked only or todo", () => {
    const marked = sources.filter(
      (file) => isTest(file) && /\b(test|it|describe)\.(only|todo)\b|\bxit\(/.test(read(file)),
    );
    expect(marked).toEqual([]);
  });
});

describe("slow tests", () => {
  test("every slow test states its expected duration in its first line, for the time budget of CI", () => {
    const slow = files.filter((file) => file.endsWith(".slow.test.ts"));
    expect(slow.filter((file) => !/^\/\/ Expected duration: \d+ s on two cores\.\n/.test(read(file)))).toEqual([]);
  });
});

describe("exports", () => {
  test.each(documented)("every export of %s has a docstring", (folder) => {
    const undocumented = sources
      .filter((file) => file.startsWith(`${folder}/src/`) && !isTest(file))
      .flatMap((file) => {
        const lines = read(file).split("\n");
        return lines.flatMap((line, at) =>
          /^export (async function|function|const|type|class) \w/.test(line) && !/\*\/\s*$/.test(lines[at - 1] ?? "")
            ? [`${file}:${at + 1} ${line}`]
            : [],
        );
      });
    expect(undocumented).toEqual([]);
  });
});

describe("dependencies", () => {
  test.each([".", ...packages])("dependencies of %s take their version from the catalog", (folder) => {
    const manifest = JSON.parse(read(`${folder}/package.json`)) as Record<string, Record<string, string> | undefined>;
    const versions = ["dependencies", "devDependencies", "peerDependencies"].flatMap((kind) =>
      Object.entries(manifest[kind] ?? {}),
    );
    expect(
      versions.filter(([, version]) => version !== "catalog:" && version !== "workspace:*" && !version.startsWith("^")),
    ).toEqual([]);
  });
});

describe("npm start", () => {
  // It installs `dependencies` alone.
  test.each(packages.filter((folder) => !/^(bench|torture)$|testkit$/.test(folder)))(
    "dependencies of %s have no tool of tests",
    (folder) => {
      const { dependencies = {} } = JSON.parse(read(`${folder}/package.json`)) as { dependencies?: object };
      const tools = /^(@jifen\/testkit|vitest|playwright-core|fast-check|typescript|turbo|@types\/.*)$/;
      // The compiler, which the console's install brings, writes the types of the client.
      const ofClient = folder === "apps/console" ? ["typescript", "@types/react"] : [];
      const found = Object.keys(dependencies).filter((name) => tools.test(name));
      expect(found.toSorted()).toEqual(ofClient.toSorted());
    },
  );

  test("the root package has no dependencies", () => {
    expect(JSON.parse(read("package.json"))).not.toHaveProperty("dependencies");
  });
});

describe("README.md", () => {
  test.each(["README.md", "README.zh-CN.md"])("%s has at most 150 lines", (file) => {
    expect(read(file).split("\n").length).toBeLessThanOrEqual(150);
  });
});

describe("Chinese translations", () => {
  const translated = [
    "README.md",
    "packages/client/README.md",
    ...files.filter((file) => /^docs\/(guides|databases)\//.test(file) && !file.includes(".zh-CN.")),
  ];

  test.each(translated)("%s has a Chinese page with the same sections and code blocks", (file) => {
    const shape = (page: string) => {
      const text = read(page);
      return {
        sections: [...text.matchAll(/^#+ /gm)].map(([hashes]) => hashes),
        blocks: [...text.matchAll(/^```(\w*)$/gm)].map(([, language]) => language),
      };
    };
    expect(shape(file.replace(".md", ".zh-CN.md"))).toEqual(shape(file));
  });
});

describe("docs/guides/authjs.zh-CN.md", () => {
  test("authjs.zh-CN.md shows the code of authjs.md, which tests run", () => {
    const codeOf = (file: string) =>
      [...read(file).matchAll(/^```tsx?\n(\/\/ \S+\n)([\s\S]*?)^```$/gm)].map(
        ([, path = "", code = ""]) => path + code.replaceAll(/^\/\/ .*$/gm, "//").replace("积分", "credits"),
      );
    expect(codeOf("docs/guides/authjs.zh-CN.md")).toEqual(codeOf("docs/guides/authjs.md"));
    expect(codeOf("docs/guides/authjs.md")).toHaveLength(6);
  });
});

describe("every setting", () => {
  // A numbered variable holds an older secret, and is documented with the variable that it belongs to.
  const names = Object.keys(settingTable).filter((name) => !/_\d$/.test(name));

  // docs/configuration.md is generated from the same table.
  test("every setting is in .env.example", () => {
    expect(names.length).toBeGreaterThan(30);
    expect(names.filter((name) => !new RegExp(`\\b${name}\\b`).test(read(".env.example")))).toEqual([]);
  });
});
