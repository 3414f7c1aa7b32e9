import { useSession } from "../../session.ts";

/** Whether the person can create service keys: staff, and users where the server lets them. */
export function useHasKeys(): boolean {
  const { session, state } = useSession();
  return session.role !== "user" || state.userKeys;
}
