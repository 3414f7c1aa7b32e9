import type { Wording } from "@jifen/contract";
import type { Order } from "@jifen/database";

/** The title of what was ordered, as it was then. */
export const titleOf = ({ title }: Pick<Order, "title">): Wording => JSON.parse(title) as Wording;
