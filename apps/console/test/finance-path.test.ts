import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { describeConsole, emailOf } from "./console-browser.ts";

const lin = emailOf("lin");
const DAY_MS = 86_400_000;

/** A moment of this machine's time zone, which is the browser's, as an input of type datetime-local has it. */
const toLocalInput = (ms: number) => toLocalText(ms).slice(0, 16);
const toLocalDay = (ms: number) => toLocalText(ms).slice(0, 10);
const toLocalText = (ms: number) => new Date(ms - new Date(ms).getTimezoneOffset() * 60_000).toISOString();

describeConsole("the day of a person in finance", (getConsole) => {
  test("why a user was charged, half of it refunded, a bonus with an end, and the month as a file for the books", async () => {
    const { rest, open, faults } = getConsole();
    const { transactionId } = await rest("lin", ["POST", "/credits/consume", { amount: 20, action: "video-10s" }]);
    await rest("lin", [
      "POST",
      "/logs/create",
      {
        ...{ userId: lin, action: "video-10s", details: { seconds: 10 }, success: true, transactionId },
        timestamp: new Date().toISOString(),
      },
    ]);
    const page = await open("finance", "/console");
    const dialog = page.getByRole("dialog");

    // "Why was I charged 20 credits?"
    await page.goto(`${getConsole().url}/console/users/${lin}`);
    await page.getByRole("link", { name: "video-10s" }).first().click();
    await page.getByRole("heading", { name: "Explain this transaction" }).waitFor();
    await page.getByText("The caller named the amount").first().waitFor();
    await page.getByText("20 credits can still be refunded").waitFor();

    // Half of it comes back.
    await page.getByRole("button", { name: "Refund", exact: true }).click();
    await dialog.getByLabel("Credits to refund").fill("10");
    await dialog.getByLabel("Reason").fill("the second half was black");
    await dialog.getByRole("button", { name: "Refund 10 credits" }).click();
    await page.getByText("10 credits can still be refunded").waitFor();
    expect(await rest("lin", ["GET", "/credits/balance"])).toMatchObject({ balance: 90 });

    // A bonus that ends in a week.
    await page.goto(`${getConsole().url}/console/users/${lin}`);
    await page.getByRole("button", { name: "Give credits" }).click();
    await dialog.getByLabel("Credits", { exact: true }).fill("50");
    await dialog.getByLabel("Reason").fill("sorry for the trouble");
    const endsMs = Math.floor((Date.now() + 7 * DAY_MS) / 60_000) * 60_000;
    await dialog.getByLabel("Expires at").fill(toLocalInput(endsMs));
    await dialog.getByRole("button", { name: "Give 50 credits" }).click();
    await page.getByRole("status").filter({ hasText: "Gave 50 credits" }).waitFor();
    expect(await rest("lin", ["GET", "/credits/balance"])).toMatchObject({ balance: 140 });
    const { items } = await rest("lin", ["GET", "/credits/grants?limit=1"]);
    expect(items).toMatchObject([{ amount: 50, expiresAt: new Date(endsMs).toISOString() }]);

    // The month for the books.
    const now = new Date();
    const [from, to] = [0, 1].map((next) =>
      toLocalDay(new Date(now.getFullYear(), now.getMonth() + next, 1 - next).getTime()),
    );
    await page.goto(`${getConsole().url}/console/logs?from=${from}&to=${to}`);
    const saving = page.waitForEvent("download");
    await page.getByRole("button", { name: "Export: CSV file" }).click();
    const file = readFileSync(await (await saving).path(), "utf8");
    const row = file.split(/\r?\n/).find((line) => line.includes("video-10s"));
    expect(row).toContain(`,${transactionId},consume,20,10,10,`);
    expect(file.trim().split(/\r?\n/).at(-1)).toMatch(/^Total,1 rows/);
    expect(faults).toEqual([]);
  });
});
