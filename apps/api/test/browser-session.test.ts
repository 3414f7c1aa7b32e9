import { apiSurfaceKinds, describeOn } from "@jifen/testkit";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createVisitor, ownPage } from "./browser-visitor.ts";
import { type ApiWithAdmin, admin, startApiWithAdmin } from "./start-api-with-admin.ts";
import { other, user } from "./start-server.ts";

for (const kind of apiSurfaceKinds) {
  describeOn(kind)(`sessions of browsers on ${kind}`, () => {
    let api: ApiWithAdmin;
    beforeAll(async () => {
      api = await startApiWithAdmin(kind);
    });
    afterAll(() => api.server.stop());
    const newVisitor = () => createVisitor(api.server.api.url);
    const loggedIn = async (as = admin) => {
      const visitor = newVisitor();
      const response = await visitor.submit("/login", as);
      expect(response.status).toBe(303);
      return visitor;
    };
    const balance = (headers: Record<string, string>) =>
      fetch(`${api.server.api.url}/trpc/credits.balance`, { headers });

    test("a log-in sets a cookie that scripts cannot read and other sites cannot send, and leads staff to the console", async () => {
      const visitor = newVisitor();
      const response = await visitor.submit("/login", admin);
      expect({ status: response.status, location: response.headers.get("location") }).toEqual({
        status: 303,
        location: "/console",
      });
      expect(visitor.setCookie()).toMatch(
        /^jifen_session=[\w-]+\.[\w-]+\.[\w-]+; Max-Age=43200; Path=\/; HttpOnly; SameSite=Strict$/,
      );
      expect(response.headers.get("cache-control")).toBe("no-store");
    });

    test("a log-in leads end users to the account pages, and keeps them logged in for JWT_EXPIRES_IN", async () => {
      const visitor = newVisitor();
      const response = await visitor.submit("/login", user);
      expect(response.headers.get("location")).toBe("/account");
      expect(visitor.setCookie()).toContain("Max-Age=604800;");
    });

    test("a log-in leads to the page that was asked for, and never to another site", async () => {
      const targetOf = async (to: string) =>
        (await newVisitor().submit("/login", { ...admin, to })).headers.get("location");
      expect(await targetOf("/console/users?role=user")).toBe("/console/users?role=user");
      expect(await targetOf("https://evil.example/console")).toBe("/console");
      expect(await targetOf("//evil.example")).toBe("/console");
    });

    test("a wrong password is answered with the form, the e-mail address and the error at the field, and no cookie", async () => {
      const visitor = newVisitor();
      const response = await visitor.submit("/login", { email: other.email, password: "wrong" });
      const page = await response.text();
      expect({ status: response.status, cookie: visitor.cookie() }).toEqual({ status: 401, cookie: "" });
      expect(page).toContain(`value="${other.email}"`);
      expect(page).toMatch(/name="password"[^>]*aria-invalid="true"[^>]*aria-describedby="password-error"/);
      expect(page).not.toContain('wrong"');
    });

    test("the session cookie is accepted by /trpc and /session from pages of the server", async () => {
      const visitor = await loggedIn();
      expect((await balance({ cookie: visitor.cookie(), ...ownPage })).status).toBe(200);
      expect(await visitor.session()).toMatchObject({
        session: { userId: admin.email, email: admin.email, role: "admin", expiresAt: expect.any(String) },
        setup: { needsFirstAdmin: false },
        registration: "closed",
        mail: false,
        brand: { name: "Jifen 积分", logoUrl: null, color: null, textColor: null, supportUrl: null },
      });
    });

    test.each<{ says: string; headers: Record<string, string> }>([
      { says: "without X-Jifen-Session", headers: {} },
      { says: "with another value of X-Jifen-Session", headers: { "x-jifen-session": "true" } },
      { says: "from another site", headers: { ...ownPage, "sec-fetch-site": "cross-site" } },
      { says: "from another host of the same site", headers: { ...ownPage, "sec-fetch-site": "same-site" } },
      { says: "with an invalid Authorization header", headers: { ...ownPage, authorization: "Bearer x" } },
    ])("the session cookie is refused with 401 $says", async ({ headers }) => {
      const { cookie } = await loggedIn().then((visitor) => ({ cookie: visitor.cookie() }));
      expect((await balance({ cookie, ...headers })).status).toBe(401);
      const state = await fetch(`${api.server.api.url}/session`, { headers: { cookie, ...headers } });
      expect({ status: state.status, session: (await state.json()).session }).toEqual({ status: 200, session: null });
    });

    test("the session cookie is no credential of REST and of streams, and its token is no bearer token", async () => {
      const visitor = await loggedIn();
      const token = visitor.cookie().split("=")[1] ?? "";
      for (const path of ["/credits/balance", "/auth/me", "/admin/users", "/live", "/admin/session"]) {
        const response = await fetch(`${api.server.api.url}${path}`, {
          headers: { cookie: visitor.cookie(), ...ownPage },
        });
        expect({ path, status: response.status }).toEqual({ path, status: path === "/admin/session" ? 404 : 401 });
      }
      expect((await api.server.call("GET", "/credits/balance", { token })).status).toBe(401);
      expect((await balance({ cookie: `jifen_session=${api.tokens.admin}`, ...ownPage })).status).toBe(401);
    });

    test("no preflight allows X-Jifen-Session, not even to an origin of FRONTEND_URL", async () => {
      const response = await fetch(`${api.server.api.url}/trpc/credits.balance`, {
        method: "OPTIONS",
        headers: {
          origin: "http://localhost:3000",
          "access-control-request-method": "GET",
          "access-control-request-headers": "content-type,x-jifen-session",
        },
      });
      expect(response.headers.get("access-control-allow-origin")).toBe("http://localhost:3000");
      expect(response.headers.get("access-control-allow-headers")?.toLowerCase()).not.toContain("x-jifen-session");
    });

    test.each(["/login", "/logout", "/link", "/register", "/forgot"])(
      "%s refuses a form of another site, and nothing happens",
      async (path) => {
        const visitor = await loggedIn();
        const before = visitor.cookie();
        const foreign: Record<string, string>[] = [
          { "sec-fetch-site": "cross-site" },
          { "sec-fetch-site": "same-site", origin: api.server.api.url },
          { origin: "https://evil.example" },
          { origin: "null" },
        ];
        for (const headers of foreign) {
          expect((await visitor.submit(path, admin, headers)).status).toBe(403);
        }
        expect(visitor.cookie()).toBe(before);
        expect((await visitor.session()).session).toMatchObject({ userId: admin.email });
      },
    );

    test("a broken cookie is answered with 200 and no session", async () => {
      for (const value of ["", "x", "a.b.c", `${(await loggedIn()).cookie().split("=")[1]}x`]) {
        const response = await fetch(`${api.server.api.url}/session`, {
          headers: { cookie: `jifen_session=${value}`, ...ownPage },
        });
        expect(response.status).toBe(200);
        expect((await response.json()).session).toBeNull();
      }
    });

    test("a log-out ends the session of this browser alone, removes its cookie, and clears what its pages stored", async () => {
      const [visitor, second] = [await loggedIn(), await loggedIn()];
      const cookie = visitor.cookie();
      const response = await visitor.submit("/logout", {}, { "sec-fetch-site": "same-origin" });
      expect({ status: response.status, location: response.headers.get("location") }).toEqual({
        status: 303,
        location: "login",
      });
      expect(response.headers.get("clear-site-data")).toBe('"storage"');
      expect(visitor.cookie()).toBe("");
      expect((await balance({ cookie, ...ownPage })).status).toBe(401);
      expect((await second.session()).session).not.toBeNull();
    });

    test("a log-out by auth.logout ends the session of the cookie", async () => {
      const visitor = await loggedIn(other);
      expect((await visitor.mutate("auth.logout", undefined)).status).toBe(200);
      expect((await visitor.session()).session).toBeNull();
    });

    test("a log-out everywhere, with another credential, ends the session of the browser", async () => {
      const visitor = await loggedIn(other);
      expect((await api.post("/auth/logout-everywhere", {}, { as: "other" })).status).toBe(200);
      expect((await visitor.session()).session).toBeNull();
      expect((await balance({ cookie: visitor.cookie(), ...ownPage })).status).toBe(401);
    });

    test("a suspension ends the session of the browser and refuses the log-in", async () => {
      const visitor = await loggedIn(user);
      const path = `/admin/users/${encodeURIComponent(user.email)}`;
      expect((await api.post(`${path}/suspend`, { reason: "test" }, { as: "admin" })).status).toBe(200);
      expect((await visitor.session()).session).toBeNull();
      expect((await newVisitor().submit("/login", user)).status).toBe(401);
      await api.post(`${path}/resume`, {}, { as: "admin" });
      expect((await visitor.session()).session).toBeNull();
    });
  });
}
