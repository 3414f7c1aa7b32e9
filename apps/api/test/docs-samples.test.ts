import { execFile, execFileSync, spawnSync } from "node:child_process";
import { type Operation, operations, streams } from "@jifen/contract";
import type { Api } from "@jifen/testkit";
import { timeLimit } from "@jifen/testkit/time-limit";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { pageNames } from "../src/http/docs/groups.ts";
import { differences, shownAnswers, thisMonth, toSample, writeAnswers } from "./docs-answers.ts";
import { createDocsObjects, type Prepared, spareUsers, startWithoutAdmin } from "./docs-objects.ts";
import { preludeOf, shownOperations } from "./docs-page.ts";
import { type Mailbox, startMailbox } from "./mailbox.ts";
import { admin } from "./start-api-with-admin.ts";
import { other, user } from "./start-server.ts";
import { startTopUpServer, type TopUpServer } from "./top-up-server.ts";
import { type Receiver, startReceiver } from "./webhook-receiver.ts";

/** `UPDATE_DOCS_ANSWERS=true` keeps the answers of this run as those that the documentation shows. */
const isUpdate = process.env["UPDATE_DOCS_ANSWERS"] === "true";

const everyOperation = [operations, streams].flatMap((table) =>
  Object.entries(table as Readonly<Record<string, Readonly<Record<string, Operation>>>>).flatMap(([noun, verbs]) =>
    Object.entries(verbs).map(([verb, operation]) => ({ name: `${noun}.${verb}`, operation })),
  ),
);

/** Whether users without a role of staff can call it. */
const ofUser = ({ caller }: Operation): boolean =>
  caller === "anyone" || (caller.roles as readonly string[]).includes("user");

/** A stream that does not end by itself. */
const ENDLESS = "live.events";

describe("the samples of /docs", { timeout: timeLimit(120) }, () => {
  let at: TopUpServer;
  let mailbox: Mailbox;
  let receiver: Receiver;
  let withoutAdmin: Api;
  const curls = new Map<string, string>();
  let objects: Awaited<ReturnType<typeof createDocsObjects>>;
  const recorded = shownAnswers();
  beforeAll(async () => {
    [mailbox, receiver] = await Promise.all([startMailbox(), startReceiver()]);
    at = await startTopUpServer("sqlite", {
      ...{ SMTP_URL: mailbox.url, MAIL_FROM: "jifen@example.com", REGISTRATION: "open", USER_KEYS: "on" },
      ...{ WEBHOOK_ALLOW: "127.0.0.1", RATE_LIMIT_CODES: "off", RATE_LIMIT_WEBHOOKS: "off", RATE_LIMIT_IP: "off" },
      USER_WHITELIST: [user, other, admin, ...spareUsers]
        .map(({ email, password }) => `${email}:${password}`)
        .join(","),
    });
    for (const page of pageNames) {
      const response = await fetch(`${at.api.server.api.url}/${page}`);
      for (const { name, samples } of shownOperations(await response.text())) curls.set(name, samples.curl);
    }
    objects = await createDocsObjects({ at, mailbox, receiver });
  }, timeLimit(120));
  afterAll(async () => {
    if (isUpdate) writeAnswers(recorded);
    await Promise.all([at?.stop(), mailbox?.close(), receiver?.close(), withoutAdmin?.stop()]);
  });

  /** Runs a command of the page as a reader does, with real ids. */
  async function run(command: string, { replace = {}, token, session }: Prepared) {
    const { from, to } = thisMonth();
    const months = { "2025-06-01": from, "2025-07-01": to, "2025-06?": `${from.slice(0, 7)}?` };
    const all = Object.entries({ ...objects.common, ...months, ...replace });
    // A longer text can contain a shorter one.
    const filled = all
      .toSorted(([one], [another]) => another.length - one.length)
      .reduce((text, [shown, real]) => text.replaceAll(shown, real), command);
    const timed = filled.replace(
      /^curl /,
      `curl -s --max-time ${/\/live/.test(filled) ? 2 : 60} -w '\\n%{http_code}' -H 'Accept-Language: en' `,
    );
    const env = { PATH: process.env["PATH"], TOKEN: token ?? "", SESSION: session ?? "" };
    const output = await new Promise<string>((resolve) => {
      execFile("sh", ["-c", timed], { env }, (_, stdout) => resolve(stdout));
    });
    const cut = output.lastIndexOf("\n");
    return { status: output.slice(cut + 1), body: output.slice(0, cut), command: filled };
  }

  const prepare = async (name: string, operation: Operation): Promise<Prepared> => {
    const { tokens } = at.api;
    const token = ofUser(operation) ? tokens.user : tokens.admin;
    if (name !== "auth.firstAdmin") return { token, ...(await objects.prepareFor(name)) };
    const { api, replace } = await startWithoutAdmin();
    withoutAdmin = api;
    return { replace: { ...replace, [at.api.server.api.url]: api.url } };
  };

  const hasPython = spawnSync("python3", ["--version"]).status === 0;
  test.skipIf(!hasPython && !process.env["CI"])(
    "the Python samples of queries answer what the curl commands answer",
    async () => {
      const api = at.api.server.api;
      const shown = shownOperations(await (await fetch(`${api.url}/docs`)).text());
      const queries = everyOperation.filter(
        ({ name, operation }) =>
          operation.kind === "query" &&
          ofUser(operation) &&
          !/\{/.test(operation.rest.path) &&
          name !== "webhooks.deliveries",
      );
      expect(queries.length).toBeGreaterThan(10);
      const calls = queries.map(
        ({ name }) =>
          `${shown.find((each) => each.name === name)?.samples.python}\nprint(json.dumps({"name": "${name}", "answer": answer}))`,
      );
      const page = await (await fetch(`${api.url}/docs`)).text();
      const program = [preludeOf(page, "python"), ...calls].join("\n");
      const output = execFileSync("python3", ["-c", program], {
        env: { PATH: process.env["PATH"], TOKEN: at.api.tokens.user },
        encoding: "utf8",
      });
      const answers = output
        .trim()
        .split("\n")
        .map((line) => JSON.parse(line));
      expect(answers.map(({ name }) => name)).toEqual(queries.map(({ name }) => name));
      for (const { name, answer } of answers) expect(differences(recorded[name], answer), name).toEqual([]);
    },
  );

  test.each(everyOperation)("the curl command of $name succeeds", async ({ name, operation }) => {
    const command = curls.get(name) ?? "";
    expect(command).toMatch(/^curl /);
    const { status, body, command: sent } = await run(command, await prepare(name, operation));
    expect(status, `${sent}\n${body}`).toBe("200");
    if (name === ENDLESS) return;
    const isJson = (operation as { kind: string }).kind !== "stream";
    if (isUpdate) recorded[name] = toSample(isJson ? JSON.parse(body) : body);
    expect(differences(recorded[name], isJson ? JSON.parse(body) : body)).toEqual([]);
  });
});
