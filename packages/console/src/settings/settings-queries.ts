import { queryOptions } from "@tanstack/react-query";
import { clientFor } from "../api/client.ts";

const staleMs = 10_000;

export const peopleQuery = (marketplace: string) =>
  queryOptions({
    queryKey: [marketplace, "people"],
    queryFn: () => clientFor(marketplace).call("listPeople"),
    staleTime: staleMs,
  });

export const keysQuery = (marketplace: string) =>
  queryOptions({
    queryKey: [marketplace, "keys"],
    queryFn: () => clientFor(marketplace).call("listKeys"),
    staleTime: staleMs,
  });
