import { isJifenError } from "@jifen/client";

/** What a proxy answers while the server behind it is away. */
const GATEWAY_STATUSES: readonly (number | undefined)[] = [502, 504];

/** Whether a call failed because the server could not be reached. */
export const isDisconnected = (error: unknown): boolean =>
  isJifenError(error, "NETWORK_ERROR") || (isJifenError(error) && GATEWAY_STATUSES.includes(error.status));
