import { accessibilityViolations, layoutFlaws } from "@jifen/testkit/browser";
import { timeLimit } from "@jifen/testkit/time-limit";
import { expect, test } from "vitest";
import { describeConsole, emailOf } from "./console-browser.ts";

const paths = [
  "/console",
  "/console/users",
  `/console/users/${emailOf("lin")}`,
  `/console/users/${emailOf("lin")}?tab=grants`,
  "/console/users/new",
  "/console/users/give",
  "/console/logs",
  "/console/keys",
  "/console/audit",
  "/console/holds",
  "/console/system",
  "/console/does-not-exist",
];

const views = [
  { language: "zh", width: 1_440, theme: "light" },
  { language: "en", width: 320, theme: "dark" },
] as const;

const CHINESE = /[\u4e00-\u9fff]/;

describeConsole("the pages of the console", (getConsole) => {
  for (const view of views) {
    test(`every page is accessible, fits ${view.width} px and is in one language (${view.language}, ${view.theme})`, {
      timeout: timeLimit(180),
    }, async () => {
      await getConsole().rest("lin", ["POST", "/credits/consume", { amount: 1, action: "image" }]);
      const page = await getConsole().open("admin", "/console", view);
      for (const path of paths) {
        await page.goto(`${getConsole().api.url}${path}`);
        await page.locator("h1").waitFor();
        await page.waitForLoadState("networkidle");
        const text = ((await page.locator("main").textContent()) ?? "").replaceAll(/中文|Jifen 积分/g, "");
        expect({
          path,
          violations: await accessibilityViolations(page, "every"),
          overflow: (await layoutFlaws(page)).overflow,
          isInLanguage: CHINESE.test(text) === (view.language === "zh"),
        }).toEqual({ path, violations: [], overflow: 0, isInLanguage: true });
      }
      expect(getConsole().faults).toEqual([]);
    });
  }

  test("the search opens the user of a hold or grant at the tab that lists it", async () => {
    const { rest, open, faults } = getConsole();
    const { holdId } = await rest("lin", ["POST", "/credits/holds", { amount: 1, action: "image" }]);
    const [grant] = (await rest("lin", ["GET", "/credits/grants?limit=1"]))["items"] as { grantId: string }[];
    const page = await open("support", "/console");
    for (const { id, kind } of [
      { id: `${holdId}`, kind: "Hold" },
      { id: `${grant?.grantId}`, kind: "Grant" },
    ]) {
      await page.keyboard.press("Control+k");
      await page.getByRole("searchbox").fill(id);
      await page
        .getByRole("dialog")
        .getByRole("button", { name: new RegExp(`^${kind}.*${emailOf("lin")}`) })
        .waitFor();
      await page.keyboard.press("Enter");
      await page.getByRole("heading", { level: 1 }).waitFor();
      await page.locator("[aria-current=page]", { hasText: `${kind}s` }).waitFor();
      await page.locator("tr[aria-current=true]").waitFor();
      expect(new URL(page.url()).searchParams.get("id")).toBe(id);
      expect(await page.locator("tr[aria-current]").count()).toBe(1);
    }
    expect(faults).toEqual([]);
  });

  test("the keyboard moves through a list, opens a row and comes back to the search field", async () => {
    const page = await getConsole().open("support", "/console/users");
    await page.locator("tr[data-row]").first().waitFor();
    await page.keyboard.press("j");
    await page.keyboard.press("j");
    await page.keyboard.press("k");
    const first = await page.locator("tr[data-row] a").first().textContent();
    expect(await page.evaluate(() => document.activeElement?.textContent)).toBe(first);
    await page.keyboard.press("Enter");
    await page.getByRole("heading", { level: 1, name: first ?? "" }).waitFor();
    expect(await page.evaluate(() => document.activeElement?.tagName)).toBe("H1");
    await page.keyboard.press("g");
    await page.keyboard.press("l");
    await page.getByRole("heading", { name: "Call log" }).waitFor();
    await page.keyboard.press("/");
    expect(await page.evaluate(() => document.activeElement?.getAttribute("type"))).toBe("search");
  });
});
