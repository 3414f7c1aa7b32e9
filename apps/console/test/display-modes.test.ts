import { timeLimit } from "@jifen/testkit/time-limit";
import { expect, test } from "vitest";
import { describeConsole, emailOf } from "./console-browser.ts";
import { flawsOf, invisibleGraphics, modes, show } from "./display-modes.ts";

const places = ["", "/users", "/users/new", "/logs", "/keys", "/audit", "/holds", "/orders", "/prices", "/codes"].map(
  (path) => `/console${path}`,
);
const ofLin = ["", "?tab=grants", "?tab=holds"].map((tab) => `/console/users/${emailOf("lin")}${tab}`);
const own = ["", "/history", "/usage", "/topup", "/redeem", "/statements", "/security"].map(
  (path) => `/account${path}`,
);

describeConsole("the pages as people with low vision see them", (getConsole) => {
  test("zoomed to 200 %, with text of 200 %, and on 320 px in forced colours, nothing is cut off or invisible", {
    timeout: timeLimit(240),
  }, async () => {
    const { open, rest, url } = getConsole();
    for (const person of ["lin", "admin"] as const) {
      const charge = { amount: 7, action: "a_long_name_of_an_action_that_generates_videos" };
      await rest(person, ["POST", "/credits/consume", charge]);
    }
    await rest("lin", ["POST", "/credits/holds", { amount: 5, action: "image" }]);
    const page = await open("admin", "/console");
    const { transactionId } = await rest("lin", ["POST", "/credits/consume", { amount: 1, action: "text" }]);
    for (const path of [...places, ...ofLin, `/console/transactions/${transactionId}`, "/console/system", ...own]) {
      await page.goto(`${url}${path}`);
      await page.locator("h1").waitFor();
      await page.waitForLoadState("networkidle");
      for (const mode of modes) {
        await show(page, mode);
        const graphics = await invisibleGraphics(page);
        const shown = { path, mode: mode.name, ...(await flawsOf(page)), graphics };
        expect.soft(shown).toEqual({ path, mode: mode.name, overflow: 0, lost: [], graphics: [] });
        // A folder for pictures: what looks wrong without being cut off is for people to see.
        const folder = process.env["SCREENSHOTS"];
        const name = `${path}-${mode.name}`.replaceAll(/[^\w-]+/g, "_");
        if (folder !== undefined) await page.screenshot({ path: `${folder}/${name}.png`, fullPage: true });
      }
    }
  });

  test("with text of 200 % a dialog shows all of its fields and buttons", async () => {
    const page = await getConsole().open("admin", `/console/users/${emailOf("lin")}`);
    await page.getByRole("button", { name: "Give credits" }).click();
    for (const mode of modes) {
      await show(page, mode);
      expect(await flawsOf(page)).toEqual({ overflow: 0, lost: [] });
      await page.getByRole("dialog").getByRole("button", { name: /^Give/ }).scrollIntoViewIfNeeded();
      expect(await page.getByRole("dialog").getByRole("button", { name: /^Give/ }).isVisible()).toBe(true);
    }
  });

  test.each([
    { reducedMotion: "reduce", isMoving: false },
    { reducedMotion: "no-preference", isMoving: true },
  ] as const)(
    "a page that is loading moves: $isMoving, for a person with the preference $reducedMotion",
    async ({ reducedMotion, isMoving }) => {
      const page = await getConsole().open("support", "/console/users");
      await page.emulateMedia({ reducedMotion });
      // The list does not arrive.
      await page.route(/adminLogs\.list/, () => undefined);
      await page.getByRole("link", { name: "Call log" }).click();
      await page.locator("tbody tr[aria-hidden]").first().waitFor();
      expect(await page.evaluate(() => document.getAnimations().length > 0)).toBe(isMoving);
      await page.unrouteAll({ behavior: "ignoreErrors" });
    },
  );
});
