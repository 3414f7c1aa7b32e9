import { type Api, callRest, freePort, freshDatabase, type RestAnswer, startApi } from "@jifen/testkit";
import { type FakeGateway, startEpay, startStripe } from "@jifen/testkit/gateways";
import { publishCatalogue } from "./catalogue.ts";
import { type Site, startSite } from "./site.ts";

/** A site that sells packs: by a QR code of epay, on Stripe's page, and through the channel without money. */
export type TopUpSite = AsyncDisposable & {
  readonly site: Site;
  readonly api: Api;
  readonly epay: FakeGateway;
  readonly stripe: FakeGateway;
  /** Reads from the API. @returns the body of its response */
  get(as: "user" | "staff", path: string): Promise<RestAnswer["body"]>;
  /** Posts to the API. @returns the body of its response */
  post(as: "user" | "staff", path: string, body: object): Promise<RestAnswer["body"]>;
};

const users = { user: "user@example.com", staff: "staff@example.com" } as const;
const password = "password123";

/** Starts the fakes, the API with a catalogue in force, and the site. */
export async function startTopUpSite(): Promise<TopUpSite> {
  const [database, epay, stripe, port] = [
    await freshDatabase("sqlite"),
    await startEpay(),
    await startStripe(),
    await freePort(),
  ];
  const api = await startApi({
    databaseUrl: database.url,
    env: {
      ...{ ...epay.settings, EPAY_MODE: "api", ...stripe.settings, PAY_DEMO: "on" },
      ...{ FRONTEND_URL: `http://127.0.0.1:${port}`, ADMIN_EMAILS: users.staff },
      USER_WHITELIST: Object.values(users)
        .map((email) => `${email}:${password}`)
        .join(","),
    },
  });
  stripe.turn({ notifyUrl: `${api.url}/payments/stripe/notify` });
  const tokenOf = async (email: string): Promise<string> =>
    (await callRest(api.url, "POST", "/auth/login", { body: { email, password } })).body.token;
  const tokens = { user: await tokenOf(users.user), staff: await tokenOf(users.staff) };
  const bodyOf = ({ status, body }: RestAnswer): RestAnswer["body"] => {
    if (status !== 200) throw new Error(JSON.stringify(body));
    return body;
  };
  const get: TopUpSite["get"] = async (as, path) => bodyOf(await callRest(api.url, "GET", path, { token: tokens[as] }));
  const post: TopUpSite["post"] = async (as, path, body) =>
    bodyOf(await callRest(api.url, "POST", path, { token: tokens[as], body }));
  await publishCatalogue(database.url, (path, body) => post("staff", path, body));
  const site = await startSite(api.url, port);
  return {
    ...{ site, api, epay, stripe, get, post },
    [Symbol.asyncDispose]: async () => {
      await site[Symbol.asyncDispose]();
      await api.stop();
      await Promise.all([epay, stripe].map((fake) => fake[Symbol.asyncDispose]()));
      await database.drop();
    },
  };
}
