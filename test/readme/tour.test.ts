import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { startApi } from "../../packages/testkit/src/index.ts";
import { read } from "../tidy/sources.ts";

/** The shell commands of the tour, in order. */
function tourOf(file: string): readonly string[] {
  const section = /^## (?:Tour|快速体验)\n([\s\S]*?)^## /m.exec(read(file))?.[1] ?? "";
  return [...section.matchAll(/^```sh\n([\s\S]*?)^```$/gm)].map(([, code = ""]) => code);
}

/** The responses that the tour shows, as comments below its commands. */
const shownIn = (commands: readonly string[]): readonly unknown[] =>
  commands.flatMap((command) => [...command.matchAll(/^# (\{.*\})$/gm)].map(([, json = ""]) => withoutIds(json)));

/** Ids differ from run to run; only their prefix is compared. */
const withoutIds = (json: string): unknown => JSON.parse(json.replaceAll(/"(txn|log)-[^"]*"/g, '"$1-"'));

describe("the README tour", () => {
  test.each(["README.md", "README.zh-CN.md"])(
    "%s shows commands that work, with the responses they get",
    async (file) => {
      await using api = await startApi({ env: { USER_WHITELIST: "me@example.com:choose-a-password" } });
      const commands = tourOf(file);
      expect(commands).toHaveLength(6);
      const script = commands
        .map((command) => `${command}\necho\n`)
        .join("")
        .replaceAll("http://localhost:3001", api.url);
      const folder = mkdtempSync(join(tmpdir(), "jifen-tour-"));
      const output = execFileSync("bash", ["-euo", "pipefail", "-c", script], {
        cwd: folder,
        encoding: "utf8",
        stdio: ["ignore", "pipe", "ignore"],
      });
      const responses = output.split("\n").filter((line) => line.startsWith("{"));
      expect(responses.map(withoutIds)).toEqual(shownIn(commands));
      // The page of the last command, which has a file and no response.
      expect(readFileSync(join(folder, "statement.html"), "utf8")).toContain("me@example.com");
      rmSync(folder, { recursive: true });
    },
  );
});
