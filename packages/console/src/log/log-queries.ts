import { readLogText } from "@probity/sdk/log-text";
import { queryOptions } from "@tanstack/react-query";
import { clientFor } from "../api/client.ts";

/** A checkpoint is published every few seconds while entries come in. */
const staleMs = 5_000;

export const logQuery = (marketplace: string) =>
  queryOptions({
    queryKey: [marketplace, "log"],
    queryFn: () => clientFor(marketplace).call("readLog"),
    staleTime: staleMs,
    refetchInterval: 2 * staleMs,
  });

/** Keys and quorum as this very server names them. */
export const readPolicyText = (marketplace: string): Promise<string> =>
  readLogText({ url: "", marketplace }, "trust-policy");

export const trustPolicyQuery = (marketplace: string) =>
  queryOptions({
    queryKey: [marketplace, "trust-policy"],
    queryFn: () => readPolicyText(marketplace),
    staleTime: staleMs,
  });
