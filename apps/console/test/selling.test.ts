import { once } from "node:events";
import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { accessibilityViolations, describeInBrowser, layoutFlaws, type Page } from "@jifen/testkit/browser";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type ConsoleSite, startConsole } from "./console-site.ts";

/** A catalogue in which the fourth line has a price of nothing. */
const faulty = `{
  "actions": [
    { "action": "thumbnail", "rows": [{ "base": 1000000 }] },
    { "action": "video", "rows": [{ "base": 0 }] }
  ]
}`;

describeInBrowser("prices, codes and webhooks in the console", (getBrowser) => {
  let site: ConsoleSite;
  let page: Page;
  const open = async (path: string) => {
    await page.goto(`${site.api.url}/console${path}`);
    await page.getByRole("heading", { level: 1 }).waitFor();
  };
  const dialog = () => page.getByRole("dialog");

  beforeAll(async () => {
    site = await startConsole(getBrowser());
    page = await site.login("admin");
  });
  afterAll(() => site?.[Symbol.asyncDispose]());

  test("a draft with a fault names its line, and the corrected one shows what it changes and is published", async () => {
    await open("/prices");
    await page.getByRole("link", { name: "以此版本新建草稿" }).click();
    const text = page.getByLabel("目录（JSON）");
    await text.fill(faulty.replace("}\n  ]", "\n  ]"));
    await page.getByText(/^第 \d 行不是有效的 JSON/).waitFor();
    await text.fill(faulty);
    await page.getByRole("button", { name: "保存草稿" }).click();
    await page.getByText("actions.1.rows.0").waitFor();
    await page.getByRole("button", { name: "第 4 行" }).click();
    const chosen = await text.evaluate((area: HTMLTextAreaElement) =>
      area.value.slice(area.selectionStart, area.selectionEnd),
    );
    expect(chosen).toContain('"video"');
    await text.fill(faulty.replace('"base": 0', '"base": 5000000'));
    await page.getByRole("button", { name: "保存草稿" }).click();
    await page.getByText("与生效中的第 1 版相比").waitFor();
    const changes = page.getByRole("row");
    await changes.filter({ hasText: "video" }).getByText("新增").waitFor();
    await changes.filter({ hasText: "p100" }).getByText("删除").waitFor();
    await page.getByRole("button", { name: "发布" }).click();
    await dialog().getByLabel("原因").fill("新价格");
    await dialog().getByRole("button", { name: "发布" }).click();
    await page.getByText("待生效").waitFor();
    expect(await site.get("admin", "/admin/catalogues/2")).toMatchObject({ state: "published", inForce: false });
  });

  test("codes are shown once, the file has all of them, and they can be redeemed", async () => {
    await open("/codes");
    await page.getByRole("link", { name: "生成兑换码" }).click();
    await page.getByLabel("名称").fill("春节");
    await page.getByLabel("每个码的积分").fill("50");
    await page.getByLabel("数量").fill("3");
    await page.getByLabel("原因").fill("市场");
    await page.getByRole("button", { name: "生成 3 个码，每个 50 积分" }).dblclick();
    await page.getByText("兑换码只显示这一次").waitFor();
    const [file] = await Promise.all([
      page.waitForEvent("download"),
      page.getByRole("button", { name: "下载 CSV" }).click(),
    ]);
    const lines = readFileSync(await file.path(), "utf8").split("\r\n");
    const shown = await page.getByRole("region", { name: "兑换码" }).getByRole("listitem").allTextContents();
    expect(lines).toEqual(["code", ...shown, ""]);
    expect(shown).toHaveLength(3);
    const before = await site.balance();
    await site.post("user", "/codes/redeem", { code: `${shown[0]}` });
    expect(await site.balance()).toBe(before + 50);
    await page.getByRole("button", { name: "我已保存" }).click();
    const rows = page.getByRole("row").filter({ hasText: "春节" });
    await rows.getByText("1 / 3").waitFor();
    expect(await rows.count()).toBe(1);
    await rows.getByRole("button", { name: "作废" }).click();
    await dialog().getByLabel("原因").fill("结束");
    await dialog().getByRole("button", { name: "作废" }).click();
    await rows.getByText("已作废").waitFor();
  });

  test("leaving a page whose codes were not stored asks first", async () => {
    await open("/codes/new");
    await page.getByLabel("名称").fill("夏季");
    await page.getByLabel("每个码的积分").fill("5");
    await page.getByLabel("数量").fill("1");
    await page.getByLabel("原因").fill("市场");
    await page.getByRole("button", { name: /^生成 1 个码/ }).click();
    await page.getByText("兑换码只显示这一次").waitFor();
    const asked: string[] = [];
    page.once("dialog", (question) => {
      asked.push(question.message());
      void question.dismiss();
    });
    await page.getByRole("navigation", { name: "主导航" }).getByRole("link", { name: "用户" }).click();
    await expect.poll(() => asked.length).toBe(1);
    await page.getByText("兑换码只显示这一次").waitFor();
    await page.getByRole("button", { name: "我已保存" }).click();
    await page.getByRole("heading", { level: 1, name: "兑换码", exact: true }).waitFor();
  });

  test("an endpoint is created with a secret that is shown once, and its test says what it answered", async () => {
    const statuses = [204, 500];
    const receiver = createServer((request, response) => {
      request.resume();
      response.writeHead(statuses.shift() ?? 500).end();
    }).listen(0, "127.0.0.1");
    await once(receiver, "listening");
    const url = `http://127.0.0.1:${(receiver.address() as AddressInfo).port}/hook`;
    await open("/webhooks");
    await page.getByRole("button", { name: "创建端点" }).click();
    await dialog().getByLabel("地址").fill(url);
    await dialog().getByRole("button", { name: "创建端点" }).dblclick();
    await dialog()
      .getByText(/^whsec_/)
      .waitFor();
    await dialog().getByRole("button", { name: "我已保存" }).click();
    expect((await site.get("admin", "/webhooks/endpoints")).items).toHaveLength(1);
    await page.getByRole("link", { name: url }).click();
    await page.getByRole("button", { name: "发送测试事件" }).click();
    const send = dialog().getByRole("button", { name: "发送测试事件" });
    await send.click();
    await dialog().getByText("测试成功：对方返回 204").waitFor();
    await send.click();
    await dialog().getByText("测试失败：对方返回 500").waitFor();
    await new Promise((resolve) => receiver.close(resolve));
  });

  test.each(["/prices", "/prices?version=2&tab=changes", "/prices/new", "/codes", "/codes/new", "/webhooks"])(
    "/console%s is accessible, breaks no rule of its policy, and fits a screen of 320 px in the dark",
    async (path) => {
      await page.setViewportSize({ width: 320, height: 640 });
      await page.emulateMedia({ colorScheme: "dark" });
      await open(path);
      await page.waitForLoadState("networkidle");
      expect(await accessibilityViolations(page, "every")).toEqual([]);
      expect((await layoutFlaws(page)).overflow).toBeLessThanOrEqual(0);
      expect(site.violations).toEqual([]);
    },
  );
});
