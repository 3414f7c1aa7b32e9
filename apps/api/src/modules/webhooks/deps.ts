import type { Database } from "@jifen/database";
import type { Logger } from "pino";
import type { WebhookLimits } from "../../http/rate-limits/webhooks.ts";
import type { NewId } from "../../values/ids.ts";
import type { UserCache } from "../identity/credentials/user-cache.ts";
import type { AllowedNetworks } from "./allowed-address.ts";
import type { ResolveHost } from "./resolve-host.ts";
import type { Send } from "./send.ts";
import type { WebhookMeter } from "./webhook-meter.ts";

/** What the webhooks module works with. */
export type Deps = {
  readonly database: Pick<Database, "webhooks">;
  readonly userCache: Pick<UserCache, "find">;
  readonly send: Send;
  readonly meter: WebhookMeter;
  readonly resolveHost: ResolveHost;
  /** Networks that endpoints of admins can be in although they are not public. */
  readonly networks: AllowedNetworks;
  readonly limits: WebhookLimits;
  readonly newId: NewId<"endpoint" | "event" | "evt">;
  /** Epoch milliseconds. */
  readonly nowMs: () => number;
  /** Aborted when the server stops. */
  readonly stopping: AbortSignal;
  readonly log: Logger;
};
