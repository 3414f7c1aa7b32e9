import { describeOn } from "@jifen/testkit";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { jifenWith } from "./jifen-command.ts";
import {
  type ApiWithAdmin,
  admin,
  grantsOf,
  newKey,
  revocationsOf,
  startApiWithAdmin,
} from "./start-api-with-admin.ts";
import { other, user } from "./start-server.ts";

const refused = { status: 409, body: { code: "SELF_ACTION_FORBIDDEN" } };
const gift = { amount: 5, reason: "a gift" };

/** `admin` by its settings, `other` with the role finance, and keys of both. */
async function start(env: Record<string, string> = {}) {
  const api = await startApiWithAdmin("sqlite", env);
  const role = { role: "finance", reason: "a test" };
  expect(await api.post(`/admin/users/${other.email}/role`, role, { as: "admin" })).toMatchObject({ status: 200 });
  const createKey = async (as: "admin" | "other", ...scopes: readonly string[]) =>
    (await api.post("/keys", { name: "job", scopes }, { as })).body.key as string;
  const post = (path: string, body: object, as: { readonly token: string; readonly userId?: string }) =>
    api.server.call("POST", path, { body, ...as });
  return { api, createKey, post };
}

for (const kind of ["sqlite"] as const) {
  describeOn(kind)("grants to oneself without SELF_GRANT", () => {
    let api: ApiWithAdmin;
    let createKey: Awaited<ReturnType<typeof start>>["createKey"];
    let post: Awaited<ReturnType<typeof start>>["post"];
    beforeAll(async () => {
      ({ api, createKey, post } = await start());
    });
    afterAll(() => api?.server.stop());
    const balanceOf = async (as: "admin" | "other") => (await api.balance(as)).balance;

    test.each(["admin", "other"] as const)("%s cannot grant credits to their own account in person", async (as) => {
      const { email } = { admin, other }[as];
      const before = await balanceOf(as);
      for (const address of [email, email.toUpperCase(), ` ${email}`.trim()]) {
        expect(await api.post(grantsOf(address), gift, { as })).toMatchObject(refused);
      }
      expect(await api.post(grantsOf(email), { ...gift, source: "purchase" }, { as, key: newKey() })).toMatchObject(
        refused,
      );
      const called = await post("/trpc/admin.grant", { json: { userId: email, ...gift } }, { token: api.tokens[as] });
      expect(called.status).toBe(409);
      expect(await balanceOf(as)).toBe(before);
      const events = await api.get(
        `/admin/audit?subject=${encodeURIComponent(`user:${email}`)}&action=credits.grant`,
        "admin",
      );
      expect(events.body.items).toEqual([]);
    });

    test("a service key cannot grant credits to its owner, also when it acts for another user", async () => {
      const token = await createKey("admin", "admin", "act-as");
      expect(await post(grantsOf(admin.email), gift, { token })).toMatchObject(refused);
      expect(await post(grantsOf(admin.email), gift, { token, userId: user.email })).toMatchObject(refused);
      expect(await post(grantsOf(admin.email), gift, { token, userId: other.email })).toMatchObject(refused);
      expect(await post(grantsOf(user.email), gift, { token })).toMatchObject({ status: 200 });
      expect(await post(grantsOf(user.email), gift, { token, userId: user.email })).toMatchObject({ status: 200 });
      const ofFinance = await createKey("other", "admin");
      expect(await post(grantsOf(other.email), gift, { token: ofFinance })).toMatchObject(refused);
    });

    test("a revocation of one's own credits does not open the way to a grant", async () => {
      expect(
        await api.post(revocationsOf(admin.email), { amount: 1, reason: "a test" }, { as: "admin" }),
      ).toMatchObject({
        status: 200,
      });
      expect(await api.post(grantsOf(admin.email), { ...gift, amount: 1 }, { as: "admin" })).toMatchObject(refused);
    });

    test("another member of staff, and the command line, grant credits to staff", async () => {
      expect(await api.post(grantsOf(other.email), gift, { as: "admin" })).toMatchObject({ status: 200 });
      expect(await api.post(grantsOf(admin.email), gift, { as: "other" })).toMatchObject({ status: 200 });
      const words = ["grant", admin.email, "3", "--reason", "a gift"];
      expect(await jifenWith({ DATABASE_URL: api.server.database.url }, ...words)).toMatchObject({ exitCode: 0 });
    });

    describe("releases of one's own holds by the route of staff", () => {
      const hold = async (as: "admin" | "other") =>
        (await api.post("/credits/holds", { amount: 3, action: "video" }, { as })).body.holdId as string;
      const releaseOf = (as: "admin" | "other", id: string) =>
        `/admin/users/${{ admin, other }[as].email}/holds/${id}/release`;
      const body = { reason: "the worker is lost" };

      test.each(["admin", "other"] as const)(
        "%s cannot release an own hold as staff, but a colleague can",
        async (as) => {
          const id = await hold(as);
          const { email } = { admin, other }[as];
          expect(await api.post(releaseOf(as, id), body, { as })).toMatchObject(refused);
          expect(await api.post(releaseOf(as, id).replace(email, email.toUpperCase()), body, { as })).toMatchObject(
            refused,
          );
          expect(await post(releaseOf(as, id), body, { token: await createKey(as, "admin") })).toMatchObject(refused);
          expect((await api.balance(as)).held).toBe(3);
          const colleague = as === "admin" ? "other" : "admin";
          expect(await api.post(releaseOf(as, id), body, { as: colleague })).toMatchObject({
            ...{ status: 200, body: { released: 3, held: 0 } },
          });
        },
      );

      test("staff releases a hold that they placed themselves as its owner", async () => {
        const id = await hold("admin");
        expect(await api.post(releaseOf("admin", id), body, { as: "admin" })).toMatchObject(refused);
        expect(await api.post(`/credits/holds/${id}/release`, {}, { as: "admin" })).toMatchObject({ status: 200 });
      });
    });

    describe("refunds of one's own charges", () => {
      const charge = async (as: "admin" | "other") =>
        (await api.post("/credits/consume", { amount: 3, action: "video" }, { as })).body.transactionId as string;

      test.each(["admin", "other"] as const)("%s cannot refund an own charge in person", async (as) => {
        const transactionId = await charge(as);
        expect(await api.post("/credits/refunds", { transactionId }, { as })).toMatchObject(refused);
        const named = await post(
          "/credits/refunds",
          { transactionId, amount: 1 },
          { token: api.tokens[as], userId: { admin, other }[as].email },
        );
        expect(named).toMatchObject(refused);
        const colleague = as === "admin" ? "other" : "admin";
        expect(await api.post("/credits/refunds", { transactionId }, { as: colleague })).toMatchObject({ status: 200 });
      });

      test("a service key refunds charges of its owner, as a job does after a failed call", async () => {
        const token = await createKey("admin", "credits:refund");
        const transactionId = await charge("admin");
        expect(await post("/credits/refunds", { transactionId }, { token })).toMatchObject({
          status: 200,
          body: { refunded: 3 },
        });
      });
    });
  });

  describeOn(kind)("grants to oneself with SELF_GRANT=on", () => {
    test("are allowed, and so are refunds of own charges and releases of own holds, each with its audit event", async () => {
      const { api } = await start({ SELF_GRANT: "on" });
      const granted = await api.post(grantsOf(admin.email), gift, { as: "admin" });
      expect(granted).toMatchObject({ status: 200 });
      const { body } = await api.post("/credits/consume", { amount: 3, action: "video" }, { as: "admin" });
      const { transactionId } = body;
      expect(await api.post("/credits/refunds", { transactionId }, { as: "admin" })).toMatchObject({ status: 200 });
      const { holdId } = (await api.post("/credits/holds", { amount: 3, action: "video" }, { as: "admin" })).body;
      const release = `/admin/users/${admin.email}/holds/${holdId}/release`;
      expect(await api.post(release, { reason: "lost" }, { as: "admin" })).toMatchObject({ status: 200 });
      const events = await api.get(`/admin/audit?subject=${encodeURIComponent(`user:${admin.email}`)}`, "admin");
      expect(events.body.items.slice(0, 3)).toMatchObject([
        { action: "credits.releaseHold", actor: `user:${admin.email}` },
        { action: "credits.refund", actor: `user:${admin.email}` },
        {
          action: "credits.grant",
          actor: `user:${admin.email}`,
          details: { transactionId: granted.body.transactionId },
        },
      ]);
      await api.server.stop();
    });
  });
}
