import type { AllowedNetworks } from "../allowed-address.ts";
import type { Deps } from "../deps.ts";

/** The owner of an endpoint; undefined when there is no such user any more. */
type Owner = Awaited<ReturnType<Deps["userCache"]["find"]>>;

/** The private networks that an owner can reach: those that are listed are the operator's, and not for every user. */
export const networksOf = ({ networks }: Pick<Deps, "networks">, owner: Owner): AllowedNetworks =>
  owner?.role === "admin" ? networks : [];
