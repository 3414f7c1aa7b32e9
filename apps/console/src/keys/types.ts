import type { JifenInputs, JifenOutputs } from "@jifen/client";

/** A service key in a list. */
export type ServiceKey = JifenOutputs["keys"]["list"]["items"][number];
/** The state of a service key by which a list is filtered. */
export type KeyState = NonNullable<JifenInputs["keys"]["list"]["state"]>;
/** The states by which a list is filtered. */
export const keyStates = ["active", "expiring", "expired", "revoked"] as const satisfies readonly KeyState[];
/** A scope of a service key. */
export type Scope = JifenInputs["keys"]["create"]["scopes"][number];
