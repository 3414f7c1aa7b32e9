import { grantSources } from "@jifen/core";
import { aboveDatabaseKinds, callRest, describeOn } from "@jifen/testkit";
import { timeLimit } from "@jifen/testkit/time-limit";
import { afterAll, beforeAll, expect, test } from "vitest";
import { jifenWith, jifen as runJifen } from "./jifen-command.ts";
import { type ApiWithAdmin, grantsOf, newKey, startApiWithAdmin } from "./start-api-with-admin.ts";
import { user } from "./start-server.ts";

const password = "tr0ub4dor-and-3";

for (const kind of aboveDatabaseKinds) {
  describeOn(kind)(`the command line with a running server on ${kind}`, () => {
    let api: ApiWithAdmin;
    beforeAll(async () => {
      api = await startApiWithAdmin(kind);
    });
    afterAll(() => api.server.stop());

    const jifen = (...words: string[]) => runJifen(api.server.database.url, ...words);
    const asJson = async (...words: string[]) => {
      const { exitCode, stdout, stderr } = await jifen(...words, "--json");
      expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: "" });
      return JSON.parse(stdout);
    };
    const setPassword = (link: string) =>
      callRest(api.server.api.url, "POST", "/auth/password-reset", {
        body: { token: link.split("#password.")[1], newPassword: password },
      });
    const login = (email: string, of = password) =>
      api.server.call("POST", "/auth/login", { body: { email, password: of } });
    const events = async (subject: string) =>
      (await api.get(`/admin/audit?subject=${encodeURIComponent(subject)}`, "admin")).body.items;

    test("jifen admin create creates an admin, who sets a password by link", async () => {
      const made = await asJson("admin", "create", "Owner@Example.com", "--name", "老板");
      expect(made).toMatchObject({ userId: "owner@example.com", role: "admin", isNew: true });
      expect((await setPassword(made.passwordLink.link)).status).toBe(200);
      const { token } = (await login("owner@example.com")).body;
      expect((await api.server.call("GET", "/admin/users", { token })).status).toBe(200);
      expect(await asJson("admin", "create", "owner@example.com")).toMatchObject({ isNew: false });
      expect((await events("user:owner@example.com")).at(-1)).toMatchObject({
        action: "users.create",
        actor: "operator",
      });
    });

    test("jifen user creates, suspends and resumes a user, ends sessions and creates a password link", async () => {
      const email = "support@example.com";
      const made = await asJson("user", "create", email, "--role", "support");
      await setPassword(made.passwordLink.link);
      const { token } = (await login(email)).body;
      await asJson("user", "sessions", "end", email);
      const me = async () => (await api.server.call("GET", "/auth/me", { token })).status;
      await expect.poll(me, { timeout: timeLimit(5.5), interval: 200 }).toBe(401);
      await asJson("user", "suspend", email, "--reason", "left");
      expect((await login(email)).status).toBe(401);
      await asJson("user", "resume", email);
      expect((await login(email)).status).toBe(200);
      const { link } = await asJson("user", "password-link", email);
      expect((await setPassword(link)).status).toBe(200);
      expect((await events(`user:${email}`)).map(({ action }: { action: string }) => action)).toEqual([
        "users.setPassword",
        "users.passwordLink",
        "users.resume",
        "users.suspend",
        "users.endSessions",
        "users.setPassword",
        "users.create",
      ]);
    });

    test("jifen key creates, lists, rotates and revokes a key", async () => {
      const made = await asJson("key", "create", "--owner", user.email, "--name", "worker", "--scopes", "credits:read");
      const balance = async (token: string) => (await api.server.call("GET", "/credits/balance", { token })).status;
      expect(await balance(made.key)).toBe(200);
      const rotated = await asJson("key", "rotate", made.keyId, "--overlap", "0");
      await expect.poll(() => balance(rotated.key), { timeout: timeLimit(5.5), interval: 200 }).toBe(200);
      expect(await balance(made.key)).toBe(401);
      await asJson("key", "revoke", made.keyId, "--reason", "a test");
      await expect.poll(() => balance(rotated.key), { timeout: timeLimit(5.5), interval: 200 }).toBe(401);
      const { items } = await asJson("key", "list", "--owner", user.email);
      expect(items).toMatchObject([{ keyId: made.keyId, ownerId: user.email, revokedAt: expect.any(String) }]);
      expect(JSON.stringify(items)).not.toContain(made.key.slice(20, 40));
      const exceeding = await jifen("key", "create", "--owner", user.email, "--name", "worker", "--scopes", "admin");
      expect(exceeding).toMatchObject({
        exitCode: 1,
        stdout: "",
        stderr: expect.stringContaining("SCOPE_NOT_GRANTABLE"),
      });
    });

    test("jifen grant with a key grants once while the server spends, and the audit passes", async () => {
      const before = (await api.balance()).balance;
      const give = () => asJson("grant", user.email, "50", "--reason", "sorry 抱歉", "--key", "order-1");
      const spend = () => api.post("/credits/consume", { amount: 1, action: "video" });
      const [given, ...spent] = await Promise.all([give(), ...Array.from({ length: 20 }, spend)]);
      expect(spent.map(({ status }) => status)).toEqual(Array(20).fill(200));
      expect(await give()).toMatchObject({ transactionId: given.transactionId, replayed: true });
      expect((await api.balance()).balance).toBe(before + 50 - 20);
      expect(await events(`user:${user.email}`)).toMatchObject([
        {
          action: "credits.grant",
          actor: "operator",
          reason: "sorry 抱歉",
          details: { transactionId: given.transactionId },
        },
        { action: "users.create", actor: "system" },
      ]);
      expect((await jifen("audit")).exitCode).toBe(0);
    });

    test.each([
      { words: ["grant", user.email, "1.5", "--reason", "x"], says: /amount: must be a whole number/ },
      { words: ["grant", "unknown@example.com", "1", "--reason", "x"], says: /USER_NOT_FOUND/ },
      { words: ["user", "create", "not-an-address"], says: /email: must be an e-mail address/ },
      { words: ["user", "create", user.email], says: /EMAIL_TAKEN/ },
      { words: ["user", "suspend", "unknown@example.com"], says: /USER_NOT_FOUND/ },
      { words: ["key", "revoke", "unknown"], says: /KEY_NOT_FOUND/ },
      {
        words: ["key", "create", "--owner", user.email, "--name", "x", "--scopes", "everything"],
        says: /scopes.*distinct scopes/,
      },
    ])("jifen $words is refused with a message", async ({ words, says }) => {
      expect(await jifen(...words)).toMatchObject({ exitCode: 1, stdout: "", stderr: expect.stringMatching(says) });
    });

    // The refusals of both do not depend on the database: one kind is enough.
    test.runIf(kind === "sqlite").each([
      { field: "amount", change: { amount: 1.5 }, code: "VALIDATION_FAILED" },
      { field: "source", change: { source: "promo" }, code: "VALIDATION_FAILED" },
      { field: "expiresAt", change: { expiresAt: "2020-01-01T00:00:00Z" }, code: "VALIDATION_FAILED" },
      { field: "", change: { userId: "unknown@example.com" }, code: "USER_NOT_FOUND" },
    ])("jifen grant and POST grants refuse $change alike with $code $field", async ({ change, code, field }) => {
      const { userId, ...body } = { userId: user.email, amount: 1, source: "admin", reason: "a test", ...change };
      const overHttp = await api.post(grantsOf(userId), body, { as: "admin" });
      expect(overHttp.body.code).toBe(code);
      const { amount, reason, source, expiresAt } = { expiresAt: undefined, ...body };
      const expiry = expiresAt === undefined ? [] : ["--expires-at", expiresAt];
      const words = [userId, `${amount}`, "--reason", reason, "--source", source, ...expiry, "--lang", "en"];
      const { exitCode, stdout, stderr } = await jifen("grant", ...words);
      expect({ exitCode, stdout }).toEqual({ exitCode: 1, stdout: "" });
      expect(stderr).toMatch(new RegExp(`^${code}: `));
      if (field === "") return;
      expect(overHttp.body.issues).toMatchObject([{ path: field }]);
      expect(stderr).toContain(`\n  ${field}: `);
    });

    test("jifen grant and POST grants answer a repeated key alike, and their keys do not collide", async () => {
      const [key, body] = [newKey(), { amount: 7, reason: "a test" }];
      const grantByCommand = () => asJson("grant", user.email, "7", "--reason", "a test", "--key", key);
      const grantOverHttp = () => api.post(grantsOf(user.email), body, { as: "admin", key });
      const byCommand = await grantByCommand();
      const overHttp = await grantOverHttp();
      expect(byCommand.replayed).toBe(false);
      expect(overHttp.headers.get("idempotency-replayed")).toBeNull();
      expect(overHttp.body.transactionId).not.toBe(byCommand.transactionId);
      expect(await grantByCommand()).toEqual({ ...byCommand, replayed: true });
      const again = await grantOverHttp();
      expect(again.body).toEqual(overHttp.body);
      expect(again.headers.get("idempotency-replayed")).toBe("true");
      const other = await jifen("grant", user.email, "8", "--reason", "a test", "--key", key);
      expect(other).toMatchObject({ exitCode: 1, stderr: expect.stringMatching(/^IDEMPOTENCY_KEY_REUSED: /) });
      const otherOverHttp = await api.post(grantsOf(user.email), { ...body, amount: 8 }, { as: "admin", key });
      expect(otherOverHttp.body.code).toBe("IDEMPOTENCY_KEY_REUSED");
    });

    // The output of help does not depend on the database.
    test.runIf(kind === "sqlite")("jifen grant --help lists the sources that a grant accepts", async () => {
      const { stdout } = await jifen("grant", "--help");
      for (const source of grantSources) expect(stdout).toContain(source);
    });

    test.runIf(kind === "sqlite")(
      "jifen secret new prints a new secret, and --help lists the commands in both languages",
      async () => {
        const [one, other] = [await asJson("secret", "new"), await asJson("secret", "new")];
        expect(Buffer.from(one.secret, "base64url")).toHaveLength(32);
        expect(one.secret).not.toBe(other.secret);
        const helpOf = async (env: Record<string, string>, ...words: string[]) =>
          (await jifenWith({ DATABASE_URL: api.server.database.url, ...env }, ...words, "--help")).stdout;
        const [english, chinese] = [await helpOf({}), await helpOf({ LANG: "zh_CN.UTF-8" })];
        for (const name of [
          "admin",
          "audit",
          "doctor",
          "export",
          "grant",
          "import",
          "key",
          "migrate",
          "secret",
          "user",
        ]) {
          expect(english).toContain(name);
          expect(chinese).toContain(name);
        }
        expect(english).toContain("Service keys");
        expect(english).not.toMatch(/\p{Script=Han}/u);
        expect(chinese).toContain("服务密钥");
        expect(chinese).not.toContain("Service keys");
        expect(await helpOf({}, "user", "create", "--lang", "zh")).toContain("邮箱");
        expect(await helpOf({ LANG: "zh_CN.UTF-8" }, "--lang=en", "user", "create")).toContain("E-mail address");
        expect(await jifen("user", "create", "--lang", "zh", user.email)).toMatchObject({
          exitCode: 1,
          stderr: expect.stringContaining("EMAIL_TAKEN"),
        });
      },
    );
  });
}
