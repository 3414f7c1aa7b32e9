import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { describeConsole, emailOf } from "./console-browser.ts";

describeConsole("files of the call log", (getConsole) => {
  test("support downloads the logs that the filter shows, written by the server", async () => {
    const { rest, open } = getConsole();
    for (const action of ["shown", "hidden"]) {
      const log = { userId: emailOf("lin"), action, details: {}, success: true, timestamp: new Date().toISOString() };
      await rest("lin", ["POST", "/logs/create", log]);
    }
    const page = await open("support", "/console/logs?action=shown");
    const download = async (name: string) => {
      const saving = page.waitForEvent("download");
      await page.getByRole("button", { name }).click();
      return readFileSync(await (await saving).path(), "utf8");
    };
    const csv = await download("Export: CSV file");
    expect(csv).toContain(",shown,");
    expect(csv).not.toContain("hidden");
    const [line] = (await download("Export: NDJSON file")).split("\n");
    expect(JSON.parse(line ?? "")).toMatchObject({ userId: emailOf("lin"), action: "shown" });
    expect(new URL(page.url()).pathname).toBe("/console/logs");
  });
});
