import { expect } from "vitest";
import { changeDatabase } from "./change-database.ts";
import { type ApiWithAdmin, newKey } from "./start-api-with-admin.ts";

/** Video by model, resolution and seconds; text by tokens. */
export const exampleCatalogue = {
  actions: [
    {
      action: "text_to_video",
      params: {
        model: { kind: "choice", values: ["m1", "m1-pro"] },
        resolution: { kind: "choice", values: ["480p", "720p", "1080p"], default: "720p", settles: true },
        seconds: { kind: "quantity", min: "1", max: "60", step: "1", settles: true },
      },
      rows: [
        {
          when: { model: ["m1"], resolution: ["480p", "720p"] },
          per: [{ unit: "seconds", micro: 1_000_000 }],
          minimum: 5,
        },
        { when: { model: ["m1-pro"] }, base: 2_000_000, per: [{ unit: "seconds", micro: 2_500_000 }] },
      ],
      closed: [{ model: ["m1"], resolution: ["1080p"] }],
    },
    {
      action: "chat",
      params: { input: { kind: "quantity", max: "2000000" }, output: { kind: "quantity", max: "100000" } },
      rows: [
        {
          when: { input: { atLeast: "200000" } },
          per: [
            { unit: "input", micro: 4 },
            { unit: "output", micro: 16 },
          ],
          minimum: 1,
        },
        {
          per: [
            { unit: "input", micro: 2 },
            { unit: "output", micro: 8 },
          ],
          minimum: 1,
        },
      ],
    },
    {
      action: "preview",
      params: { kind: { kind: "choice", values: ["small", "large"], settles: true } },
      rows: [{ when: { kind: ["small"] }, free: true }, { minimum: 3 }],
    },
  ],
  multipliers: [{ group: "vip", ppm: 900_000 }] as readonly object[],
  packs: [
    {
      ...{ id: "p100", title: { zh: "100 积分", en: "100 credits" }, credits: 100, bonusCredits: 10 },
      ...{ prices: [{ currency: "CNY", minor: 990 }], bonusValidDays: 90 },
    },
    {
      ...{ id: "vip", title: { zh: "专享", en: "For VIPs" }, credits: 500, groups: ["vip"] },
      prices: [{ currency: "JPY", minor: 500 }],
    },
  ],
};

/** Makes a draft. @returns its version */
export async function draft(api: ApiWithAdmin, document: object = exampleCatalogue): Promise<number> {
  const made = await api.post("/admin/catalogues", { document }, { as: "admin" });
  expect(made).toMatchObject({ status: 200, body: { state: "draft" } });
  return made.body.version;
}

/** Publishes a draft as soon as possible: in a minute. */
export const publish = (api: ApiWithAdmin, version: number, body: object = {}) =>
  api.post(`/admin/catalogues/${version}/publish`, { reason: "a test", ...body }, { as: "admin" });

let passed = 0;

/** Lets the time of a published version come now, by moving it into the past: the later one moved is in force. */
export async function letComeIntoForce(api: ApiWithAdmin, version: number): Promise<void> {
  passed += 1;
  const effectiveFromMs = 1_700_000_000_000 + passed;
  await changeDatabase(api.server.database, {
    sql: `UPDATE catalogues SET effective_from_ms = ${effectiveFromMs} WHERE version = ${version}`,
    mongodb: (db) =>
      db
        .collection<{ _id: bigint }>("catalogues")
        .updateOne({ _id: BigInt(version) }, { $set: { effective_from_ms: BigInt(effectiveFromMs) } }),
  });
  // A server reads the versions again after a change of one of them in the same process.
  const other = await draft(api, { actions: [] });
  const withdrawn = await api.post(`/admin/catalogues/${other}/withdraw`, { reason: "a test" }, { as: "admin" });
  expect(withdrawn).toMatchObject({ status: 200, body: { state: "withdrawn" } });
}

/** Puts a catalogue in force. @returns its version */
export async function putInForce(api: ApiWithAdmin, document: object = exampleCatalogue): Promise<number> {
  const version = await draft(api, document);
  expect(await publish(api, version)).toMatchObject({ status: 200, body: { state: "published" } });
  await letComeIntoForce(api, version);
  return version;
}

/** Calls that are priced, as `user` unless they say otherwise. */
export const pricedCalls = (api: () => ApiWithAdmin) => ({
  quote: (action: string, params: object, as: "user" | "other" = "user") =>
    api().post("/credits/quotes", { action, params }, { as }),
  consume: (body: object, key?: string) => api().post("/credits/consume", body, key === undefined ? {} : { key }),
  hold: async (body: object) => {
    const placed = await api().post("/credits/holds", body);
    expect(placed).toMatchObject({ status: 200 });
    return placed.body as { holdId: string; amount: number };
  },
  capture: (holdId: string, body: object, key = newKey()) =>
    api().post(`/credits/holds/${holdId}/capture`, body, { key }),
});
