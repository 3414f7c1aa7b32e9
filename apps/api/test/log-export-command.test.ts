import { readFileSync } from "node:fs";
import { aboveDatabaseKinds, describeOn } from "@jifen/testkit";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { jifen } from "./jifen-command.ts";
import { type ApiWithAdmin, startApiWithAdmin } from "./start-api-with-admin.ts";
import { user } from "./start-server.ts";
import { createTemporaryFolder } from "./temporary-folder.ts";

for (const kind of aboveDatabaseKinds) {
  describeOn(kind)(`the command that exports the call log on ${kind}`, () => {
    let api: ApiWithAdmin;
    const logIds: string[] = [];
    beforeAll(async () => {
      api = await startApiWithAdmin(kind);
      for (const at of [1, 2]) {
        const timestamp = new Date(Date.now() + at).toISOString();
        const log = { userId: user.email, action: "视频", details: { at }, success: true, timestamp };
        logIds.push((await api.post("/logs/create", log)).body.logId);
      }
    });
    afterAll(() => api.server.stop());

    describe("jifen logs export", () => {
      const run = (...args: readonly string[]) => jifen(api.server.database.url, "logs", "export", ...args);

      test("the command writes the same file as the server, to a new file or to standard output", async () => {
        const own = (
          await api.server.call("GET", `/admin/logs/export?userId=${user.email}`, {
            token: api.tokens.admin,
            headers: { "accept-language": "en" },
          })
        ).body;
        const path = `${createTemporaryFolder()}/logs.csv`;
        const written = await run("--user", user.email, "--out", path);
        expect(written).toMatchObject({ exitCode: 0, stdout: "" });
        // What the ledger has is as of another moment.
        const withoutTime = (file: string) => file.replace(/as of [^,]*/, "");
        expect(withoutTime(readFileSync(path, "utf8"))).toBe(withoutTime(own.replace(/^\ufeff?/, "\ufeff")));
        expect((await run("--user", user.email, "--out", path)).exitCode).toBe(1);
        const lines = (await run("--user", user.email, "--format", "ndjson")).stdout.trimEnd().split("\n");
        expect(lines.slice(0, -1).map((line) => JSON.parse(line).logId)).toEqual(logIds);
        expect(JSON.parse(lines.at(-1) ?? "")).toMatchObject({ total: { rows: 2 } });
      });

      test("the command refuses as the server does, and the audit log has its files", async () => {
        const zone = await run("--tz", "CST");
        expect(zone).toMatchObject({ exitCode: 1, stdout: "", stderr: expect.stringMatching(/tz.*IANA/s) });
        expect((await run("--user", "unknown@example.com")).stderr).toContain("USER_NOT_FOUND");
        expect((await run("--format", "xlsx")).stderr).toContain("csv or ndjson");
        const { body } = await api.get("/admin/audit?action=logs.export&actor=operator", "admin");
        expect(body.items[0]).toMatchObject({ subject: `user:${user.email}` });
      });
    });
  });
}
