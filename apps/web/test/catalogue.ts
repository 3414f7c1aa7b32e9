import { DatabaseSync } from "node:sqlite";
import type { RestAnswer } from "@jifen/testkit";

/** One action by seconds, and two packs of which the second is sold in dollars only. */
const catalogue = {
  actions: [
    {
      action: "text_to_video",
      params: {
        model: { kind: "choice", values: ["standard", "pro"], default: "standard" },
        seconds: { kind: "quantity", min: "1", max: "60", step: "1", default: "10", settles: true },
      },
      rows: [
        { when: { model: ["standard"] }, per: [{ unit: "seconds", micro: 1_000_000 }], minimum: 5 },
        { when: { model: ["pro"] }, base: 2_000_000, per: [{ unit: "seconds", micro: 2_500_000 }] },
      ],
    },
  ],
  multipliers: [],
  packs: [
    {
      ...{ id: "p100", title: { zh: "100 积分", en: "100 credits" }, credits: 100, bonusCredits: 10 },
      ...{ prices: [{ currency: "CNY", minor: 990 }], bonusValidDays: 90 },
    },
    {
      id: "p500",
      title: { zh: "500 积分", en: "500 credits" },
      credits: 500,
      prices: [{ currency: "USD", minor: 699 }],
    },
  ],
};

/** Posts to the API as staff. @returns the body of its response */
type Post = (path: string, body: object) => Promise<RestAnswer["body"]>;

/** Publishes the catalogue, in force since long. */
export async function publishCatalogue(databaseUrl: string, post: Post): Promise<void> {
  const { version } = await post("/admin/catalogues", { document: catalogue });
  await post(`/admin/catalogues/${version}/publish`, { reason: "test" });
  beginNow(databaseUrl);
}

/** A catalogue is in force a minute after it was published: this one since long. */
function beginNow(databaseUrl: string): void {
  const database = new DatabaseSync(databaseUrl.replace(/^file:/, ""));
  // The running server writes in the background.
  database.exec("PRAGMA busy_timeout = 5000");
  database.exec("UPDATE catalogues SET effective_from_ms = 1");
  database.close();
}
