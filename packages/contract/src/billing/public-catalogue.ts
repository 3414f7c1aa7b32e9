import { z } from "zod";
import { zTime } from "../ids.ts";
import { bilingual, languages } from "../language.ts";
import { operation } from "../operation.ts";
import { zCredits, zOutputText } from "../primitives.ts";

const zOpenObject = z.record(z.string(), z.unknown());

const zPublicAction = z
  .object({
    action: zOutputText(400),
    params: zOpenObject.meta({
      description: "As in the catalogue: choices with their values, quantities with their range.",
    }),
    rows: z.array(zOpenObject).meta({
      maxItems: 200,
      description: "As in the catalogue: the first row that fits has the price, in millionths of a credit.",
    }),
    closed: z.array(zOpenObject).meta({ maxItems: 1_000, description: "Combinations that are not sold." }),
  })
  .meta({ id: "PublicAction" });

const zPublicMultiplier = z
  .object({
    action: zOutputText(400).nullable().meta({ description: "null: all actions." }),
    ppm: z.int().min(1).meta({ description: "Millionths: 900000 is 90 %." }),
    from: zTime.nullable(),
    to: zTime.nullable(),
  })
  .meta({ id: "PublicMultiplier" });

const zPrices = z
  .array(
    z.object({
      currency: zOutputText(3),
      minor: z.int().min(1).meta({ description: "Minor units of the currency, such as cents." }),
      text: zOutputText(40).meta({ description: "For people, such as `9.90`." }),
    }),
  )
  .meta({ maxItems: 50 });

const zWay = z.object({
  channel: zOutputText(32).meta({ description: "`channel` of POST /orders." }),
  methods: z.array(zOutputText(32)).meta({ maxItems: 20, description: "The first is the default of POST /orders." }),
  prices: zPrices.meta({ description: "What the pack costs through this channel; the first is the default." }),
});

const zPublicPack = z
  .object({
    id: zOutputText(40),
    title: zOutputText(40),
    credits: zCredits,
    bonusCredits: zCredits,
    prices: zPrices,
    ways: z.array(zWay).meta({
      maxItems: 10,
      description: "The payment channels of this server that sell the pack; empty: it cannot be bought now.",
    }),
    validDays: z.int().nullable(),
    bonusValidDays: z.int().nullable(),
  })
  .meta({ id: "PublicPack" });

const languageRule = { error: bilingual({ zh: "必须是 zh 或 en", en: "must be zh or en" }) };

/** `GET /catalogue`: what is sold and what it costs, for everyone. */
export const find = operation({
  kind: "query",
  rest: { method: "GET", path: "/catalogue", cacheSeconds: 30 },
  summary: {
    zh: "价格目录：操作的价格和积分套餐，无需登录",
    en: "Read the catalogue: prices of actions, and packs of credits. No credential is needed.",
  },
  caller: "anyone",
  idempotent: false,
  input: z.strictObject({
    language: z.enum(languages, languageRule).optional().meta({
      description: "The language of titles; that of Accept-Language if left out.",
    }),
  }),
  output: z.object({
    catalogueVersion: z.int().min(1).nullable().meta({ description: "null: no catalogue is in force." }),
    effectiveFrom: zTime.nullable(),
    actions: z.array(zPublicAction).meta({ maxItems: 500 }),
    multipliers: z.array(zPublicMultiplier).meta({
      maxItems: 200,
      description: "Those of every user; a user of a price group can have others.",
    }),
    packs: z.array(zPublicPack).meta({ maxItems: 100 }),
  }),
  refusals: [],
});
