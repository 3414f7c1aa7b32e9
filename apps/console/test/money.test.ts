import type { Page } from "playwright-core";
import { expect, test } from "vitest";
import { describeConsole, emailOf } from "./console-browser.ts";

const lin = emailOf("lin");

describeConsole("acts with credits in the console", (getConsole) => {
  const balance = async () => (await getConsole().rest("lin", ["GET", "/credits/balance"]))["balance"] as number;
  const fillGrant = async (page: Page, amount: string) => {
    await page.getByRole("button", { name: "Give credits" }).click();
    const dialog = page.getByRole("dialog");
    await dialog.getByLabel("Credits", { exact: true }).fill(amount);
    await dialog.getByLabel("Reason").fill("a present");
    return dialog;
  };
  const openUser = () => getConsole().open("finance", `/console/users/${lin}`);

  test("a double press grants credits once, and the page shows the new balance", async () => {
    const before = await balance();
    const page = await openUser();
    const dialog = await fillGrant(page, "10");
    await dialog.getByText(`${before} → ${before + 10}`).waitFor();
    await dialog.getByRole("button", { name: "Give 10 credits" }).dblclick();
    await page.getByRole("status").filter({ hasText: "Gave 10 credits" }).waitFor();
    await page
      .getByText(String(before + 10), { exact: true })
      .first()
      .waitFor();
    expect(await balance()).toBe(before + 10);
  });

  test("a grant whose answer was lost is granted once when it is sent again, after a reload too", async () => {
    const before = await balance();
    const page = await openUser();
    let isLost = true;
    await page.route("**/trpc/admin.grant*", async (route) => {
      if (!isLost) return route.fallback();
      // The server does it, and the answer does not arrive.
      await route.fetch();
      return route.abort("connectionreset");
    });
    const dialog = await fillGrant(page, "7");
    await dialog.getByRole("button", { name: "Give 7 credits" }).click();
    await dialog.getByText("the outcome is not known yet").waitFor();
    expect(await balance()).toBe(before + 7);
    await page.reload();
    await page.getByRole("button", { name: "Give credits" }).click();
    const again = page.getByRole("dialog");
    await again.getByText("a present").waitFor();
    // Lost once more: the key stays the same for every attempt.
    await again.getByRole("button", { name: "Try again" }).click();
    await again.getByRole("button", { name: "Try again" }).and(page.locator(":not([aria-busy])")).waitFor();
    isLost = false;
    await again.getByRole("button", { name: "Try again" }).click();
    await page.getByRole("status").filter({ hasText: "Gave" }).waitFor();
    expect(await balance()).toBe(before + 7);
  });

  test("an act whose outcome is unknown can be given up, and the form is as it was", async () => {
    const page = await openUser();
    await page.route("**/trpc/admin.grant*", (route) => route.abort("connectionreset"));
    const dialog = await fillGrant(page, "8");
    await dialog.getByRole("button", { name: "Give 8 credits" }).click();
    await dialog.getByRole("button", { name: "I have checked: give it up" }).click();
    expect(await dialog.getByLabel("Reason").inputValue()).toBe("a present");
    expect(await dialog.getByLabel("Credits", { exact: true }).inputValue()).toBe("8");
  });

  test("two tabs that give at the same time grant twice, because two people pressed", async () => {
    const before = await balance();
    const dialogs = await Promise.all([openUser(), openUser()].map(async (page) => fillGrant(await page, "3")));
    await Promise.all(dialogs.map((dialog) => dialog.getByRole("button", { name: "Give 3 credits" }).click()));
    await Promise.all(dialogs.map((dialog) => dialog.waitFor({ state: "detached" })));
    expect(await balance()).toBe(before + 6);
  });

  test("a refused amount is shown at its field, keeps what was typed, and changes nothing", async () => {
    const before = await balance();
    const page = await openUser();
    const dialog = await fillGrant(page, "0");
    await dialog.getByRole("button", { name: "Give 0 credits" }).click();
    await dialog.locator("input[name=amount][aria-invalid=true]").waitFor();
    expect(await dialog.getByLabel("Reason").inputValue()).toBe("a present");
    expect(await balance()).toBe(before);
  });

  test("a large amount must be typed twice", async () => {
    const before = await balance();
    const page = await openUser();
    const dialog = await fillGrant(page, "20000");
    await dialog.getByLabel("Enter the amount again").fill("2000");
    await dialog.getByRole("button", { name: "Give 20,000 credits" }).click();
    expect(await dialog.isVisible()).toBe(true);
    expect(await balance()).toBe(before);
    await dialog.getByLabel("Enter the amount again").fill("20000");
    await dialog.getByRole("button", { name: "Give 20,000 credits" }).click();
    await page.getByRole("status").filter({ hasText: "Gave 20,000 credits" }).waitFor();
    expect(await balance()).toBe(before + 20_000);
  });

  test("a charge is explained and refunded, and its user sees the reason and no name of staff", async () => {
    const call = { amount: 5, action: "<img src=x onerror=alert(1)>" };
    const { transactionId } = await getConsole().rest("lin", ["POST", "/credits/consume", call]);
    const before = await balance();
    const page = await openUser();
    await page.getByRole("link", { name: "<img src=x onerror=alert(1)>" }).first().click();
    await page.getByRole("heading", { name: "Explain this transaction" }).waitFor();
    await page.getByRole("button", { name: "Refund", exact: true }).click();
    const dialog = page.getByRole("dialog");
    await dialog.getByLabel("Reason").fill("the video was black");
    await dialog.getByRole("button", { name: "Refund 5 credits" }).click();
    await page.getByText("the video was black").waitFor();
    expect(await balance()).toBe(before + 5);
    const details = await getConsole().rest("lin", ["GET", `/credits/transactions/${transactionId}`]);
    expect(details["refunds"]).toMatchObject([{ amount: 5, reason: "the video was black" }]);
    expect(JSON.stringify(details)).not.toContain("finance@example.com");
  });

  test("no page violated its policy, threw, or asked another server", () => {
    expect(getConsole().faults).toEqual([]);
  });
});
