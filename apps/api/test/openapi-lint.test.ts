import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { text } from "node:stream/consumers";
import { operations } from "@jifen/contract";
import { Spectral } from "@stoplight/spectral-core";
import owasp from "@stoplight/spectral-owasp-ruleset";
import { oas } from "@stoplight/spectral-rulesets";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Server, startServer } from "./start-server.ts";

const redoclyPackage = createRequire(import.meta.url).resolve("@redocly/cli/package.json");
const redocly = join(dirname(redoclyPackage), "bin/cli.js");

/** The paths of operations without authentication. */
const publicPaths = Object.values(operations)
  .flatMap((verbs) => Object.values(verbs))
  .filter(({ caller }) => caller === "anyone")
  .map(({ rest }) => rest.path);

describe("linters of /openapi.json", () => {
  let server: Server;
  let document: unknown;
  beforeAll(async () => {
    server = await startServer("sqlite");
    document = (await server.call("GET", "/openapi.json")).body;
  });
  afterAll(() => server.stop());

  test("redocly lint finds neither an error nor a warning", async () => {
    const folder = mkdtempSync(join(tmpdir(), "jifen-openapi-"));
    writeFileSync(join(folder, "openapi.json"), JSON.stringify(document));
    const child = spawn(process.execPath, [redocly, "lint", "openapi.json", "--format=json"], {
      cwd: folder,
      stdio: ["ignore", "pipe", "pipe"],
      env: { PATH: process.env["PATH"], REDOCLY_TELEMETRY: "off", REDOCLY_SUPPRESS_UPDATE_NOTICE: "true" },
    });
    const [stdout] = await Promise.all([text(child.stdout), once(child, "close")]);
    expect(JSON.parse(stdout).totals).toEqual({ errors: 0, warnings: 0, ignored: 0 });
    expect(child.exitCode).toBe(0);
    rmSync(folder, { recursive: true });
  });

  test("Spectral with the OWASP rules finds no error and only the intended warnings", async () => {
    const spectral = new Spectral();
    // biome-ignore lint/suspicious/noExplicitAny: the rule sets are typed against another copy of the same package.
    spectral.setRuleset({ extends: [oas, owasp] as any });
    const found = await spectral.run(JSON.stringify(document));
    const [errors, warnings] = [
      found.filter(({ severity }) => severity === 0),
      found.filter(({ severity }) => severity === 1),
    ];
    expect(errors.map(({ code, path }) => `${code} ${path.join(".")}`)).toEqual([]);
    expect([...new Set(warnings.map(({ code }) => code))].toSorted()).toEqual([
      // A self-hosted server has no contact of its authors.
      "info-contact",
      // Free text, such as a reason, has no pattern; ids and keys have one.
      "owasp:api4:2023-string-restricted",
      // Operations without authentication.
      "owasp:api8:2023-define-error-responses-401",
    ]);
    const without401 = warnings.filter(({ code }) => code === "owasp:api8:2023-define-error-responses-401");
    for (const { path } of without401) expect(publicPaths).toContain(path[1]);
  });
});
