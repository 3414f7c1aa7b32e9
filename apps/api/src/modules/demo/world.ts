import { randomBytes } from "node:crypto";
import type { Database, NewCallLog } from "@jifen/database";
import type { Ledger } from "@jifen/ledger";
import { type Logger, pino } from "pino";
import type { Settings } from "../../settings/settings.ts";
import { createIds, createIdsAt, createUuids, type NewId, type NewIdAt } from "../../values/ids.ts";
import { createCatalogues } from "../billing/catalogue/catalogues.ts";
import { createPayments } from "../billing/create-payments.ts";
import type { PaymentDeps } from "../billing/payment-deps.ts";
import { createPricing } from "../billing/pricing/pricing.ts";
import { createUnchargedMeter } from "../billing/pricing/uncharged-meter.ts";
import { createQuoteTokens } from "../billing/quotes/quote-tokens.ts";
import type { Deps as CreditsDeps } from "../credits/deps.ts";
import { openLedger } from "../credits/open-ledger.ts";
import { createPasswords, type Passwords } from "../identity/credentials/passwords.ts";
import { createUserCache, type UserCache } from "../identity/credentials/user-cache.ts";
import { keepDetails } from "../logs/redaction/redactor.ts";
import { type Agenda, createAgenda } from "./agenda.ts";
import { inThePast } from "./in-the-past.ts";
import { createRandom, type Random } from "./random.ts";

/** How many days of history there are. */
export const DAYS = 60;
const DAY_MS = 86_400_000;

/** What the data follows from. The same seed and time give the same data, apart from secrets. */
export type DemoOptions = {
  readonly seed: number;
  /** When the history ends, epoch milliseconds. */
  readonly untilMs: number;
};

/** Where the history happens: the use cases of the server, by a clock that the agenda moves. */
export type World = CreditsDeps & {
  readonly database: Database;
  readonly ledger: Ledger;
  readonly userCache: UserCache;
  readonly random: Random;
  readonly agenda: Agenda;
  readonly startMs: number;
  readonly untilMs: number;
  readonly newId: NewId;
  readonly payments: PaymentDeps;
  readonly catalogues: ReturnType<typeof createCatalogues>;
  readonly passwords: Passwords;
  readonly adminEmails: ReadonlySet<string>;
  readonly hasUserKeys: true;
  readonly log: Logger;
  /** Makes logs of calls. */
  readonly logDeps: {
    readonly newIdAt: NewIdAt<"log">;
    readonly newArrivalIdAt: NewIdAt<"log">;
    readonly nowMs: () => number;
    readonly redact: typeof keepDetails;
    readonly logKeeping: Settings["logKeeping"];
  };
  /** Logs that are still to be written. */
  readonly logs: (NewCallLog & { readonly details: string })[];
  close(): Promise<void>;
};

/** Nothing is limited: the history is made by one process, and no customer waits. */
const unlimited: PaymentDeps["orderLimits"] = {
  take: async () => ({ retryAfterSeconds: undefined }),
  takeNotice: async () => true,
};

/** Opens the world on an empty database. */
export async function openWorld(stores: Database, settings: Settings, { seed, untilMs }: DemoOptions): Promise<World> {
  const startMs = untilMs - DAYS * DAY_MS;
  let clockMs = startMs;
  const nowMs = () => clockMs;
  const random = createRandom(seed);
  const newId = createIds(nowMs, random.fill);
  const database = inThePast(stores, nowMs);
  const ledger = openLedger(database, newId);
  const log = pino({ level: "silent" });
  const userCache = createUserCache(database.users, settings.adminEmails);
  const catalogues = createCatalogues(database, nowMs);
  const newUuid = createUuids(nowMs, random.fill);
  const payments = await createPayments({
    settings: { ...settings, ...noProviders, isDemoOn: true, isTestMoneyRefused: false },
    ...{ database, ledger, newId, nowMs, log, orderLimits: unlimited },
    publicUrl: () => settings.publicUrl ?? "http://localhost",
    suspendForDispute: async () => undefined,
  });
  const passwords = createPasswords();
  return {
    ...{ database, ledger, userCache, catalogues, random, startMs, untilMs, newId, nowMs, log, passwords },
    ...{ spend: database.spend, grantLimits: database, timeZone: settings.timeZone },
    ...{ isSelfGrantAllowed: true, lowBalance: undefined, adminEmails: settings.adminEmails, hasUserKeys: true },
    agenda: createAgenda((atMs) => {
      clockMs = atMs;
      // Reads in the background would not follow from the seed.
      catalogues.forget();
    }),
    payments: { ...payments.deps, newOrderId: () => newUuid().replaceAll("-", ""), suspendForDispute: undefined },
    pricing: createPricing({ catalogues, userCache, arePricesEnforced: false }),
    quoteTokens: await createQuoteTokens([randomBytes(32).toString("base64")]),
    unchargedMeter: createUnchargedMeter(),
    logDeps: {
      ...{ newIdAt: createIdsAt(random.fill), newArrivalIdAt: createIdsAt(random.fill), nowMs },
      ...{ redact: keepDetails, logKeeping: settings.logKeeping },
    },
    logs: [],
    close: async () => {
      await payments.close();
      await passwords.close();
    },
  };
}

/** Real channels have no part in it: no provider is ever asked. */
const noProviders = { stripe: undefined, alipay: undefined, wechatpay: undefined, epay: undefined } as const;
