import { useQuery } from "@tanstack/react-query";
import { jifen } from "../../jifen.ts";

const REFRESH_MS = 15_000;

/** The endpoints of the person that have not ended. */
export const useEndpoints = () =>
  useQuery({
    queryKey: ["webhooks.list"],
    queryFn: () => jifen.webhooks.list.query({}),
    refetchInterval: REFRESH_MS,
  });
