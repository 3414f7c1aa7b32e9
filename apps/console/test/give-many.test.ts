import type { Page } from "playwright-core";
import { expect, test } from "vitest";
import { describeConsole, emailOf } from "./console-browser.ts";

const [lin, support] = [emailOf("lin"), emailOf("support")];

describeConsole("giving credits to many users in the console", (getConsole) => {
  const balance = async (person: "lin" | "support") =>
    (await getConsole().rest(person, ["GET", "/credits/balance"]))["balance"] as number;
  const openForm = async (list: string, amount: string) => {
    const page = await getConsole().open("finance", "/console/users/give");
    await page.getByLabel("Users", { exact: true }).fill(list);
    await page.getByLabel("Credits for each").fill(amount);
    await page.getByLabel("Reason").fill("a campaign");
    return page;
  };
  const results = (page: Page) => page.locator("tr[data-row]").allInnerTexts();

  test("what is pasted is counted before anything is given, and each user gets the amount of the line or of all", async () => {
    const before = [await balance("lin"), await balance("support")] as const;
    const page = await openForm(`${lin}\n\n${support}, 7\n`, "5");
    await page.getByText("2 users, 12 credits in total").waitFor();
    await page.getByRole("button", { name: "Give 12 credits to 2 users" }).dblclick();
    await page.getByText("Given to 2 users, given before to 0, not given to 0").waitFor();
    expect(await balance("lin")).toBe(before[0] + 5);
    expect(await balance("support")).toBe(before[1] + 7);
  });

  test("lines that are no address or name a user twice are named, and nothing can be given", async () => {
    const page = await openForm(`${lin}\nno address\n${lin.toUpperCase()}, 3`, "5");
    await page.getByText("Line 2 is no address, or its amount is wrong: no address").waitFor();
    await page.getByText("Line 3 repeats line 1").waitFor();
    expect(await page.getByRole("button", { name: "Give credits" }).isDisabled()).toBe(true);
  });

  test("a large total has to be entered again", async () => {
    const before = await balance("lin");
    const page = await openForm(`${lin},6000\n${support},4000`, "");
    const submit = page.getByRole("button", { name: "Give 10,000 credits to 2 users" });
    await page.getByLabel("Enter the total again").fill("1000");
    await submit.click();
    expect(
      await page.getByLabel("Enter the total again").evaluate((field: HTMLInputElement) => field.validity.valid),
    ).toBe(false);
    expect(await balance("lin")).toBe(before);
  });

  test("a request whose answer was lost is given once when it is sent again", async () => {
    const before = await balance("lin");
    const page = await openForm(lin, "9");
    let isLost = true;
    await page.route("**/trpc/admin.grantMany*", async (route) => {
      if (!isLost) return route.fallback();
      await route.fetch();
      return route.abort("connectionreset");
    });
    await page.getByRole("button", { name: "Give 9 credits to 1 users" }).click();
    await page.getByText("the outcome is not known yet").waitFor();
    expect(await balance("lin")).toBe(before + 9);
    isLost = false;
    await page.getByRole("button", { name: "Try again" }).click();
    await page.getByText("Given to 0 users, given before to 1, not given to 0").waitFor();
    expect(await balance("lin")).toBe(before + 9);
  });

  test("a user whose outcome is unknown stays open when the page is left, and a repetition gives once", async () => {
    const before = [await balance("lin"), await balance("support")] as const;
    const page = await openForm(`${lin}\n${support}`, "6");
    let isUnknown = true;
    await page.route("**/trpc/admin.grantMany*", async (route) => {
      const response = await route.fetch();
      if (!isUnknown) return route.fulfill({ response });
      const body = (await response.text()).replace(
        /"transactionId":"[^"]+","grantId":"[^"]+","balance":\d+,"replayed":false/,
        '"code":"OUTCOME_UNKNOWN","message":"It is not known whether this took effect"',
      );
      return route.fulfill({
        response,
        body: body.replace('"granted":2', '"granted":1').replace('"refused":0', '"refused":1'),
      });
    });
    await page.getByRole("button", { name: "Give 12 credits to 2 users" }).click();
    const summary = page.getByText("Given to 1 users, given before to 0, not given to 0, not known yet for 1");
    await summary.waitFor();
    expect((await results(page))[0]).toMatch(new RegExp(`${lin}[\\s\\S]*Not known yet`));
    expect(await page.getByRole("button", { name: "Give to other users" }).count()).toBe(0);
    expect([await balance("lin"), await balance("support")]).toEqual([before[0] + 6, before[1] + 6]);

    await page.getByRole("link", { name: lin }).click();
    await page.waitForURL("**/console/users/lin*");
    await page.goBack();
    await summary.waitFor();
    await page.reload();
    await summary.waitFor();
    isUnknown = false;
    await page.getByRole("button", { name: "Give again" }).click();
    await page.getByText("Given to 0 users, given before to 2, not given to 0").waitFor();
    expect([await balance("lin"), await balance("support")]).toEqual([before[0] + 6, before[1] + 6]);

    await page.reload();
    await page.getByRole("button", { name: "Give to other users" }).click();
    await page.getByLabel("Users", { exact: true }).waitFor();
    await page.reload();
    await page.getByLabel("Users", { exact: true }).waitFor();
  });

  test("a repetition whose answer was lost leaves the users without credits open, and the next one gives once", async () => {
    const before = await balance("lin");
    const late = "late@example.com";
    const page = await openForm(`${lin}\n${late}`, "3");
    await page.getByRole("button", { name: "Give 6 credits to 2 users" }).click();
    await page.getByText("Given to 1 users, given before to 0, not given to 1").waitFor();
    await getConsole().rest("admin", ["POST", "/admin/users", { email: late }]);
    await page.route("**/trpc/admin.grantMany*", async (route) => {
      await route.fetch();
      return route.abort("connectionreset");
    });
    await page.getByRole("button", { name: "Give again" }).click();
    const summary = page.getByText("Given to 1 users, given before to 0, not given to 0, not known yet for 1");
    await summary.waitFor();
    await page.unrouteAll();
    await page.reload();
    await summary.waitFor();
    await page.getByRole("button", { name: "Give again" }).click();
    await page.getByText("Given to 0 users, given before to 2, not given to 0").waitFor();
    const { balance: ofLate } = await getConsole().rest("admin", ["GET", `/admin/users/${late}?with=balance`]);
    expect([await balance("lin"), ofLate]).toEqual([before + 3, 103]);
  });

  test("a repetition for which the server asks for the password continues after it, and gives once", async () => {
    const before = await balance("lin");
    const page = await openForm(`${lin}\nunknown@example.com`, "2");
    await page.getByRole("button", { name: "Give 4 credits to 2 users" }).click();
    await page.getByText("Given to 1 users, given before to 0, not given to 1").waitFor();
    await page.route(
      "**/trpc/admin.grantMany*",
      async (route) => {
        const invalid = await route.fetch({ postData: "{}" });
        const body = (await invalid.text()).replace("VALIDATION_FAILED", "CONFIRMATION_REQUIRED");
        return route.fulfill({ response: invalid, status: 403, body });
      },
      { times: 1 },
    );
    await page.getByRole("button", { name: "Give again" }).click();
    await page.getByLabel("Password").fill("password-of-finance");
    await page.getByRole("button", { name: "Confirm" }).click();
    await page.getByText("Given to 0 users, given before to 1, not given to 1").waitFor();
    expect(await balance("lin")).toBe(before + 2);
  });

  test("those who got nothing come first with the reason, and a repetition gives to them alone", async () => {
    const before = await balance("lin");
    const newcomer = "newcomer@example.com";
    const page = await openForm(`${lin}\n${newcomer}`, "4");
    await page.getByRole("button", { name: "Give 8 credits to 2 users" }).click();
    await page.getByText("Given to 1 users, given before to 0, not given to 1").waitFor();
    expect((await results(page))[0]).toMatch(/newcomer@example\.com[\s\S]*Not given/);
    await getConsole().rest("admin", ["POST", "/admin/users", { email: newcomer, name: "New" }]);
    await page.getByRole("button", { name: "Give again" }).click();
    await page.getByText("Given to 1 users, given before to 1, not given to 0").waitFor();
    expect(await balance("lin")).toBe(before + 4);
    expect(getConsole().faults).toEqual([]);
  });
});
