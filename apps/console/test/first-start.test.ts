import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { type Api, startApi } from "@jifen/testkit";
import { describeInBrowser } from "@jifen/testkit/browser";
import { timeLimit } from "@jifen/testkit/time-limit";
import type { Page } from "playwright-core";
import { beforeAll, expect, test } from "vitest";

const email = "first@example.com";

/** Creates a key in the console and closes the dialog. @returns the key, which is shown once */
async function createKey(page: Page): Promise<string> {
  await page.getByRole("button", { name: "创建密钥" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("名称").fill("网站后端");
  for (const scope of ["credits:spend", "act-as"]) await dialog.locator(`input[value="${scope}"]`).check();
  await dialog.getByRole("button", { name: "创建密钥" }).click();
  const secret = page.getByRole("dialog", { name: "密钥已创建" });
  const key = await secret.getByText(/^jf_\S+$/).textContent();
  await secret.getByRole("button", { name: "我已保存" }).click();
  if (key === null) throw new Error("The key is empty.");
  return key;
}

describeInBrowser("the first start, on a phone", (getBrowser) => {
  let api: Api;
  let page: Page;

  beforeAll(async () => {
    api = await startApi();
    page = await getBrowser().newPage({ locale: "zh-CN", viewport: { width: 390, height: 844 } });
    page.setDefaultTimeout(timeLimit(30));
  });

  test("the setup link leads to the first admin, a key, and a first charge that is in the ledger", async () => {
    const link = api.logs().find((line) => "setupLink" in line)?.["setupLink"];
    await page.goto(String(link));
    const form = page.locator("form[name=first-admin]");
    await form.getByLabel("邮箱").fill(email);
    await form.getByLabel("新密码").fill("tr0ub4dor-and-3");
    await form.getByRole("button", { name: "创建管理员" }).click();

    await page.getByRole("heading", { name: "概览" }).waitFor();
    await page.getByText("等待第一次扣费").waitFor();
    const command = await page.getByRole("region", { name: "从您的服务器扣一次费" }).textContent();
    await page.getByRole("link", { name: "创建一个服务密钥" }).click();
    const key = await createKey(page);
    await page.getByRole("link", { name: "概览" }).click();
    const steps = page.getByRole("heading", { name: "开始使用" });
    await steps.waitFor();

    // The command that the page shows, as it is pasted into a terminal.
    const env = { PATH: process.env["PATH"], JIFEN_KEY: key };
    const { stdout } = await promisify(execFile)("sh", ["-c", String(command)], { env });
    expect(JSON.parse(stdout)).toMatchObject({ success: true, balance: 95 });

    await steps.waitFor({ state: "detached" });
    await page.getByRole("link", { name: "用户", exact: true }).click();
    await page.getByRole("link", { name: email }).click();
    await page.getByRole("heading", { name: email }).waitFor();
    const charge = page.locator("[data-row]").filter({ hasText: "video_generation" });
    await charge.getByText("-5", { exact: true }).waitFor();
    await charge.getByText("余额 95").waitFor();
  });
});
