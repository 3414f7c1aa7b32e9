import type { Page } from "@jifen/testkit/browser";
import { expect, test } from "vitest";
import { describeConsole, emailOf } from "./console-browser.ts";
import { expectFocus, tabTo } from "./keyboard.ts";

const lin = emailOf("lin");

describeConsole("the console by the keyboard alone", (getConsole) => {
  const balance = async () => (await getConsole().rest("lin", ["GET", "/credits/balance"]))["balance"] as number;
  const heading = (name: string) => ({ tag: "H1", name });
  const status = (page: Page, text: string) => page.getByRole("status").filter({ hasText: text }).waitFor();

  test("finance logs in, finds a user, gives credits, explains a charge, refunds it and logs out without a mouse", async () => {
    const { rest, open, api } = getConsole();
    await rest("lin", ["POST", "/credits/consume", { amount: 5, action: "video" }]);
    const before = await balance();
    const page = await open("finance", "/login?to=/console/users", { isLoggedOut: true });
    await tabTo(page, "E-mail address");
    await page.keyboard.type(emailOf("finance"));
    await tabTo(page, "Password");
    await page.keyboard.type("password-of-finance");
    await page.keyboard.press("Enter");
    await page.waitForURL(`${api.url}/console/users`);
    await expectFocus(page, heading("Users"));

    await page.keyboard.press("/");
    await expectFocus(page, { name: "Find by the start of the e-mail address", isVisible: true });
    await page.keyboard.type("lin@");
    await page.waitForURL(/q=lin/);
    await expect.poll(() => page.locator("tr[data-row]").count()).toBe(1);
    await tabTo(page, lin);
    await page.keyboard.press("Enter");
    await expectFocus(page, heading(lin));

    await page.getByRole("button", { name: "Give credits" }).waitFor();
    await tabTo(page, "Give credits");
    await page.keyboard.press("Enter");
    const giving = { dialog: `Give credits to ${lin}` };
    await expectFocus(page, { ...giving, name: "Credits" });
    await page.keyboard.type("10");
    await tabTo(page, "Reason");
    await page.keyboard.type("a present");
    await page.keyboard.press("Enter");
    await status(page, "Gave 10 credits");
    await expectFocus(page, { name: "Give credits", dialog: undefined, isVisible: true });
    expect(await balance()).toBe(before + 10);

    await page.getByRole("row").filter({ hasText: "a present" }).waitFor();
    await page.keyboard.press("j");
    await page.keyboard.press("j");
    await expectFocus(page, { name: "video", isVisible: true });
    await page.keyboard.press("Enter");
    await expectFocus(page, heading("Explain this transaction"));
    await page.getByRole("button", { name: "Refund", exact: true }).waitFor();
    await tabTo(page, "Refund");
    await page.keyboard.press("Enter");
    await expectFocus(page, { dialog: "Refund this charge", name: "Credits to refund" });
    await tabTo(page, "Reason");
    await page.keyboard.type("the video was black");
    await page.keyboard.press("Enter");
    await status(page, "Refunded 5 credits");
    // Nothing is left to refund, so the button is gone: the page has the focus.
    await expectFocus(page, heading("Explain this transaction"));
    expect(await balance()).toBe(before + 15);

    await tabTo(page, /^Account menu/);
    await page.keyboard.press("Enter");
    await tabTo(page, "Log out");
    await page.keyboard.press("Enter");
    await page.waitForURL(/\/login/);
  });

  test("Escape closes a dialog and a menu, changes nothing, and gives the focus back to what opened them", async () => {
    const before = await balance();
    const page = await getConsole().open("admin", `/console/users/${lin}`);
    await page.getByRole("button", { name: "Give credits" }).waitFor();
    await tabTo(page, "Give credits");
    await page.keyboard.press("Enter");
    await expectFocus(page, { name: "Credits", dialog: `Give credits to ${lin}` });
    await page.keyboard.type("9");
    await page.keyboard.press("Escape");
    await expectFocus(page, { name: "Give credits", isVisible: true });

    // The act is in a menu, which is closed while the dialog is open.
    await tabTo(page, "More");
    await page.keyboard.press("Enter");
    await tabTo(page, "Take credits");
    await page.keyboard.press("Enter");
    await expectFocus(page, { name: "Credits", dialog: `Take credits from ${lin}` });
    await page.keyboard.press("Escape");
    await expectFocus(page, { name: "More", isVisible: true });

    await page.keyboard.press("?");
    await expectFocus(page, { dialog: "Keyboard shortcuts" });
    await page.keyboard.press("Escape");
    await expectFocus(page, { name: "More", isVisible: true });

    await page.keyboard.press("Enter");
    await tabTo(page, "Take credits");
    await page.keyboard.press("Escape");
    await expectFocus(page, { name: "More", isVisible: true });
    expect(await page.getByRole("button", { name: "Take credits" }).isVisible()).toBe(false);
    expect(await balance()).toBe(before);
  });

  test("a field that the server refuses has the focus, and keeps what was typed", async () => {
    const page = await getConsole().open("finance", `/console/users/${lin}`);
    await page.getByRole("button", { name: "Give credits" }).waitFor();
    await tabTo(page, "Give credits");
    await page.keyboard.press("Enter");
    await page.keyboard.type("0");
    await tabTo(page, "Reason");
    await page.keyboard.type("a present");
    await page.keyboard.press("Enter");
    await page.locator("input[name=amount][aria-invalid=true]").waitFor();
    await expectFocus(page, { name: "Credits", isVisible: true });
  });

  test("when an answer is lost, the focus is where the act can be sent again, and comes back when it is done", async () => {
    const before = await balance();
    const page = await getConsole().open("finance", `/console/users/${lin}`);
    await page.getByRole("button", { name: "Give credits" }).waitFor();
    await tabTo(page, "Give credits");
    await page.keyboard.press("Enter");
    await page.keyboard.type("6");
    await tabTo(page, "Reason");
    await page.keyboard.type("a present");
    await page.route("**/trpc/admin.grant*", async (route) => {
      await route.fetch();
      await route.abort("connectionreset");
    });
    await page.keyboard.press("Enter");
    await page.getByText("the outcome is not known yet").waitFor();
    await expectFocus(page, { tag: "DIV", dialog: `Give credits to ${lin}` });
    await page.unroute("**/trpc/admin.grant*");
    await tabTo(page, "Try again");
    await page.keyboard.press("Enter");
    await expectFocus(page, { name: "Give credits", isVisible: true });
    expect(await balance()).toBe(before + 6);
    expect(getConsole().faults).toEqual([]);
  });
});
