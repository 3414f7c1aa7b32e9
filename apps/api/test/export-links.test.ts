import { apiSurfaceKinds, describeOn } from "@jifen/testkit";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createVisitor } from "./browser-visitor.ts";
import { createMovableClock, type MovableClock } from "./movable-clock.ts";
import { type ApiWithAdmin, admin, newKey, startApiWithAdmin } from "./start-api-with-admin.ts";
import { other, user } from "./start-server.ts";

/** A link can be used for its own minute, and for the difference of clocks that is tolerated. */
const LINK_LIFE_MS = 120_000;

for (const kind of apiSurfaceKinds) {
  describeOn(kind)(`links to files on ${kind}`, () => {
    let clock: MovableClock;
    let api: ApiWithAdmin;
    beforeAll(async () => {
      clock = createMovableClock();
      api = await startApiWithAdmin(kind, clock.env);
      for (const as of ["user", "other"] as const) {
        const details = { prompt: `the prompt of ${as}` };
        const log = { userId: { user, other }[as].email, action: "video", details, success: true };
        const timestamp = new Date().toISOString();
        expect((await api.post("/logs/create", { ...log, timestamp }, { as })).status).toBe(200);
        expect((await api.post("/credits/consume", { amount: 5, action: as }, { as, key: newKey() })).status).toBe(200);
      }
      await setRole("support");
    });
    afterAll(async () => {
      await api.server.stop();
      clock[Symbol.dispose]();
    });

    const setRole = async (role: string) => {
      const answer = await api.post(`/admin/users/${other.email}/role`, { role, reason: "a test" }, { as: "admin" });
      expect(answer.status).toBe(200);
    };
    const create = (body: object, as: "user" | "other" | "admin" = "user", language = "en") =>
      api.server.call("POST", "/exports", { token: api.tokens[as], body, headers: { "accept-language": language } });
    const linkTo = async (...of: Parameters<typeof create>): Promise<string> => {
      const { status, body } = await create(...of);
      expect({ status, body }).toMatchObject({ status: 200, body: { url: expect.stringContaining("/exports/") } });
      return body.url;
    };
    const open = async (url: string, method = "GET") => {
      const response = await fetch(url, { method });
      return { status: response.status, headers: response.headers, text: await response.text() };
    };
    /** The code of a refusal; undefined for a file. */
    const codeOf = async (url: string) => {
      const { status, text } = await open(url);
      return status === 200 ? undefined : JSON.parse(text).code;
    };
    /** A file without its times of writing. */
    const stable = (file: string) => file.replaceAll(/as of [^"\r\n]*|"asOf":"[^"]*"/g, "now");

    test("a link gives the file that the stream gives with a credential, as a download that no cache keeps", async () => {
      const filter = { success: "true", details: true, tz: "Asia/Kathmandu" };
      const { status, headers, text } = await open(await linkTo({ what: "logs", format: "csv", filter }));
      const path = "/logs/export?success=true&details=true&tz=Asia/Kathmandu";
      const headersOfStream = { "accept-language": "en" };
      const stream = await api.server.call("GET", path, { token: api.tokens.user, headers: headersOfStream });
      expect(status).toBe(200);
      expect(text).toContain("the prompt of user");
      expect(stable(text)).toBe(stable(stream.body));
      expect(headers.get("content-disposition")).toMatch(/^attachment; filename="logs-\d{8}T\d{6}Z\.csv"$/);
      expect(headers.get("cache-control")).toBe("no-store");
      expect(headers.get("referrer-policy")).toBe("no-referrer");
    });

    test("a link works once: of two concurrent requests one gets the file, and HEAD leaves the link as it is", async () => {
      const url = await linkTo({ what: "transactions", format: "ndjson" });
      expect((await open(url, "HEAD")).status).toBe(200);
      const codes = await Promise.all([codeOf(url), codeOf(url)]);
      expect(codes.toSorted()).toEqual(["LINK_EXPIRED", undefined]);
      expect(await codeOf(url)).toBe("LINK_EXPIRED");
    });

    test("a link to transactions has those of its creator only, also when the creator is on the staff", async () => {
      const file = async (as: "user" | "other") => (await open(await linkTo({ what: "transactions" }, as))).text;
      expect(await file("user")).toContain("user");
      expect(await file("user")).not.toContain("other");
      expect(await file("other")).toContain("other");
      const filter = { userId: user.email };
      expect(await create({ what: "transactions", filter }, "other")).toMatchObject({
        status: 400,
        body: { code: "VALIDATION_FAILED", issues: [{ path: "filter.userId" }] },
      });
      expect(await create({ what: "transactions", scope: "all" }, "other")).toMatchObject({
        status: 400,
        body: { issues: [{ path: "scope" }] },
      });
    });

    test("support exports the logs of all users by a link, and an end user cannot create one", async () => {
      const all = { what: "logs", scope: "all", filter: { details: true } };
      const { text } = await open(await linkTo(all, "other"));
      expect(text).toContain("the prompt of user");
      expect(text).toContain("the prompt of other");
      expect(await create(all, "user")).toMatchObject({ status: 403, body: { code: "FORBIDDEN" } });
    });

    test("a link is checked with the role of the moment in which it is used", async () => {
      const url = await linkTo({ what: "logs", scope: "all" }, "other");
      await setRole("user");
      expect(await codeOf(url)).toBe("FORBIDDEN");
      await setRole("support");
      expect(await codeOf(url)).toBeUndefined();
    });

    test("a link ends when its user is suspended, and stays ended when the user is resumed", async () => {
      const url = await linkTo({ what: "logs" }, "other");
      const act = (verb: string) =>
        api.post(`/admin/users/${other.email}/${verb}`, { reason: "a test" }, { as: "admin" });
      expect((await act("suspend")).status).toBe(200);
      expect(await codeOf(url)).toBe("LINK_EXPIRED");
      expect((await act("resume")).status).toBe(200);
      expect(await codeOf(url)).toBe("LINK_EXPIRED");
    });

    test("a link ends with the session that created it, and with all sessions of its user", async () => {
      for (const path of ["/auth/logout", "/auth/logout-everywhere"]) {
        const token = await api.server.token(admin);
        const { body } = await api.server.call("POST", "/exports", { token, body: { what: "logs" } });
        expect((await api.server.call("POST", path, { token })).status).toBe(200);
        expect(await codeOf(body.url)).toBe("LINK_EXPIRED");
      }
    });

    test("a browser creates a link with its cookie and follows it without a header", async () => {
      const visitor = createVisitor(api.server.api.url);
      expect((await visitor.submit("/login", user)).status).toBe(303);
      const { status, body } = await visitor.mutate("exports.create", { what: "logs", format: "ndjson" });
      expect(status).toBe(200);
      expect((await open((body as { url: string }).url)).text).toContain('"total"');
    });

    test("a token that is changed, or that is no link, opens nothing, and no token is in the log", async () => {
      const url = await linkTo({ what: "logs" });
      const token = url.split("/").at(-1) ?? "";
      const base = url.slice(0, -token.length);
      for (const wrong of [token.slice(0, -2), `${token}x`, api.tokens.user, "unknown"]) {
        expect(await open(base + wrong)).toMatchObject({ status: 410, text: expect.stringContaining("LINK_EXPIRED") });
      }
      const session = await api.server.call("GET", "/auth/me", { token });
      expect(session).toMatchObject({ status: 401 });
      expect(await codeOf(url)).toBeUndefined();
      const log = JSON.stringify(api.server.api.logs());
      expect(log).toContain("exports.download");
      expect(log).not.toContain(token.split(".")[2]);
    });

    test("the file is in the language of the request that created the link", async () => {
      expect((await open(await linkTo({ what: "logs" }, "user", "zh-CN"))).text).toContain("合计");
    });

    test("a field that the stream refuses is refused when the link is created", async () => {
      const filter = { from: "2026-01-02T00:00:00Z", to: "2026-01-01T00:00:00Z" };
      expect(await create({ what: "logs", filter })).toMatchObject({
        status: 400,
        body: { issues: [{ path: "filter.to" }] },
      });
    });

    test("a link expires a minute after its creation, later by no more than the tolerated difference of clocks", async () => {
      const [early, late] = [await linkTo({ what: "logs" }), await linkTo({ what: "logs" })];
      await clock.move(LINK_LIFE_MS / 2);
      expect(await codeOf(early)).toBeUndefined();
      await clock.move(LINK_LIFE_MS / 2 + 1_000);
      expect(await codeOf(late)).toBe("LINK_EXPIRED");
    });
  });
}
