import { connect } from "node:net";
import { text } from "node:stream/consumers";
import { migrateDatabase } from "@jifen/database";
import { migratedDatabase } from "@jifen/testkit";
import { timeLimit } from "@jifen/testkit/time-limit";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { jifenWith } from "./jifen-command.ts";
import { type Mailbox, startMailbox, textOf } from "./mailbox.ts";
import { type Server, startServer, user } from "./start-server.ts";

describe("a server with MESSAGE_LANGUAGE=en", () => {
  let mailbox: Mailbox;
  let server: Server;
  beforeAll(async () => {
    mailbox = await startMailbox();
    server = await startServer("sqlite", {
      ...{ MESSAGE_LANGUAGE: "en", SMTP_URL: mailbox.url, MAIL_FROM: "jifen@example.com" },
    });
  });
  afterAll(async () => {
    await server?.stop();
    await mailbox?.close();
  });

  const headersFor = (language: string): Record<string, string> =>
    language === "" ? {} : { "accept-language": language };

  test.each([
    { asked: "", message: "A valid bearer token is required; log in first" },
    { asked: "fr", message: "A valid bearer token is required; log in first" },
    { asked: "zh-CN,zh;q=0.9", message: "请先登录：缺少有效的 Bearer Token" },
  ])("a refusal to a caller with Accept-Language '$asked' says: $message", async ({ asked, message }) => {
    const overRest = await server.call("GET", "/credits/balance", { headers: headersFor(asked) });
    expect(overRest).toMatchObject({ status: 401, body: { message } });
    const overTrpc = await server.call("GET", "/trpc/credits.balance", { headers: headersFor(asked) });
    expect(overTrpc.body.error.json.message).toBe(message);
  });

  test("bytes that are not HTTP are refused in English", async () => {
    const socket = connect(Number(new URL(server.api.url).port), "127.0.0.1", () => socket.write("nonsense\r\n\r\n"));
    expect(await text(socket)).toContain("The request is not valid HTTP");
  });

  test.each(["/login", "/docs", "/link"])("%s is English, and Chinese for a browser that asks for it", async (path) => {
    const langOf = async (asked: string) => {
      const page = await fetch(`${server.api.url}${path}`, { headers: headersFor(asked) });
      return /<html lang="([^"]*)"/.exec(await page.text())?.[1];
    };
    // `fetch` itself asks for `*`: any language.
    expect(await langOf("")).toBe("en");
    expect(await langOf("de-DE,de;q=0.9")).toBe("en");
    expect(await langOf("zh-CN")).toBe("zh-CN");
  });

  test("an e-mail to a user without a preference is English", async () => {
    await server.call("POST", "/auth/forgotten-password", { body: { email: user.email } });
    await expect.poll(() => mailbox.received.map(textOf).join(), { timeout: timeLimit(20) }).toContain("Hello,");
  });
});

test.each([
  { language: "zh", says: "没有这个用户" },
  { language: "en", says: "The user does not exist" },
])("a command with MESSAGE_LANGUAGE=$language says: $says", async ({ language, says }) => {
  const database = await migratedDatabase("sqlite", migrateDatabase);
  const env = { DATABASE_URL: database.url, LANG: "C", MESSAGE_LANGUAGE: language };
  const { exitCode, stderr } = await jifenWith(env, "user", "suspend", "missing@example.com");
  expect({ exitCode, stderr }).toEqual({ exitCode: 1, stderr: expect.stringContaining(says) });
  await database.drop();
});
