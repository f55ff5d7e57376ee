import type { EndpointQuery, RatingSummary } from "@probity/contract";
import { infiniteQueryOptions, keepPreviousData, queryOptions } from "@tanstack/react-query";
import { clientFor, sessionClient, whatIfClient } from "./client.ts";

export type Kind = RatingSummary["kind"];
export type RatingFilters = Omit<EndpointQuery<"listRatings">, "cursor" | "limit">;
export type LetterState = NonNullable<EndpointQuery<"listDeadLetters">["state"]>;

/** Ratings change when events come in; a minute old is fresh enough to go back and forth. */
const ratingsStaleMs = 60_000;
const pageRows = 100;

/** Everything that is asked of a marketplace stands below its name, so that a switch shares nothing. */
export const sessionQuery = queryOptions({
  queryKey: ["session"],
  queryFn: () => sessionClient.call("readSession"),
  staleTime: 5 * 60_000,
});

export const ratingsQuery = (marketplace: string, kind: Kind, filters: RatingFilters) =>
  infiniteQueryOptions({
    queryKey: [marketplace, "ratings", kind, filters],
    queryFn: ({ pageParam }) =>
      clientFor(marketplace).call("listRatings", {
        params: { kind },
        query: { ...filters, limit: pageRows, ...(pageParam === null ? {} : { cursor: pageParam }) },
      }),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.nextCursor,
    staleTime: ratingsStaleMs,
    placeholderData: keepPreviousData,
  });

export const changesQuery = (marketplace: string, kind: Kind, since: string | undefined) =>
  queryOptions({
    queryKey: [marketplace, "changes", kind, since ?? null],
    queryFn: () =>
      clientFor(marketplace).call("readChanges", { params: { kind }, query: since === undefined ? {} : { since } }),
    staleTime: ratingsStaleMs,
    // It looks at every subject: not with each event, as a page of one subject is.
    refetchInterval: ratingsStaleMs,
    placeholderData: keepPreviousData,
  });

export const ledgerQuery = (marketplace: string) =>
  queryOptions({
    queryKey: [marketplace, "ledger"],
    queryFn: () => clientFor(marketplace).call("readLedger"),
    staleTime: 5_000,
    refetchInterval: 10_000,
  });

/** A few ratings for the command palette. */
export const foundQuery = (marketplace: string, kind: Kind, q: string) =>
  queryOptions({
    queryKey: [marketplace, "found", kind, q],
    queryFn: () => clientFor(marketplace).call("listRatings", { params: { kind }, query: { q, limit: 6 } }),
    staleTime: ratingsStaleMs,
    enabled: q.trim() !== "",
    placeholderData: keepPreviousData,
  });

/** A merchant with much to explain: the best of those graded C, or the best of all; null where none is rated. */
export const foundWeakQuery = (marketplace: string) =>
  queryOptions({
    queryKey: [marketplace, "found-weak"],
    queryFn: async () => {
      const first = async (query: RatingFilters): Promise<string | undefined> => {
        const { items } = await clientFor(marketplace).call("listRatings", {
          params: { kind: "merchant" },
          query: { ...query, limit: 1 },
        });
        return items[0]?.id;
      };
      return (await first({ grade: "C" })) ?? (await first({})) ?? null;
    },
    staleTime: Number.POSITIVE_INFINITY,
  });

/** Categories with how many they hold. */
export const categoriesQuery = (marketplace: string, kind: Kind) =>
  queryOptions({
    queryKey: [marketplace, "categories", kind],
    queryFn: () => clientFor(marketplace).call("listCategories", { params: { kind } }),
    staleTime: ratingsStaleMs,
  });

export const explanationQuery = (marketplace: string, kind: Kind, id: string, on: string | undefined) =>
  queryOptions({
    queryKey: [marketplace, "explanation", kind, id, on ?? null],
    queryFn: () =>
      clientFor(marketplace).call("explainRating", { params: { kind, id }, query: on === undefined ? {} : { on } }),
    staleTime: ratingsStaleMs,
  });

export const historyQuery = (marketplace: string, kind: Kind, id: string) =>
  queryOptions({
    queryKey: [marketplace, "history", kind, id],
    queryFn: () => clientFor(marketplace).call("readHistory", { params: { kind, id } }),
    staleTime: ratingsStaleMs,
  });

export const packsQuery = (marketplace: string, kind: Kind, id: string, on: string | undefined) =>
  queryOptions({
    queryKey: [marketplace, "packs", kind, id, on ?? null],
    queryFn: () =>
      clientFor(marketplace).call("readPacks", { params: { kind, id }, query: on === undefined ? {} : { on } }),
    staleTime: ratingsStaleMs,
  });

export const cardQuery = (marketplace: string, id: string) =>
  queryOptions({
    queryKey: [marketplace, "card", id],
    queryFn: () => clientFor(marketplace).call("readTrustCard", { params: { marketplace, id } }),
    staleTime: ratingsStaleMs,
  });

export const policiesQuery = (marketplace: string) =>
  queryOptions({
    queryKey: [marketplace, "policies"],
    queryFn: () => clientFor(marketplace).call("listPolicies"),
    staleTime: ratingsStaleMs,
  });

/** A policy's id is the hash of its content: it cannot change, only its state can. */
export const policyQuery = (marketplace: string, policy: string) =>
  queryOptions({
    queryKey: [marketplace, "policy", policy],
    queryFn: () => clientFor(marketplace).call("readPolicyContent", { params: { policy } }),
    staleTime: 10 * ratingsStaleMs,
  });

/** A policy on the facts of a day, against another or the one in force. Facts grow, so a result ages. */
export const whatIfQuery = (marketplace: string, policy: string, on: string | undefined) =>
  queryOptions({
    queryKey: [marketplace, "what-if", policy, on ?? null],
    queryFn: () =>
      whatIfClient(marketplace).call("simulatePolicy", { params: { policy }, body: on === undefined ? {} : { on } }),
    staleTime: 5 * ratingsStaleMs,
    retry: false,
  });

/** What every metric counts, in words: the same for all marketplaces while the server runs. */
export const metricsQuery = queryOptions({
  queryKey: ["metrics"],
  queryFn: () => sessionClient.call("listMetrics"),
  staleTime: Number.POSITIVE_INFINITY,
});

/** An event of the ledger never changes. */
export const eventQuery = (marketplace: string, seq: number) =>
  queryOptions({
    queryKey: [marketplace, "event", seq],
    queryFn: () => clientFor(marketplace).call("readEvent", { params: { seq } }),
    staleTime: Number.POSITIVE_INFINITY,
  });

export const lettersQuery = (marketplace: string, state: LetterState) =>
  infiniteQueryOptions({
    queryKey: [marketplace, "letters", state],
    queryFn: ({ pageParam }) =>
      clientFor(marketplace).call("listDeadLetters", {
        query: { state, limit: pageRows, ...(pageParam === null ? {} : { cursor: pageParam }) },
      }),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.nextCursor,
    staleTime: 10_000,
  });

export const activityQuery = (marketplace: string, act: EndpointQuery<"listActivity">["act"]) =>
  infiniteQueryOptions({
    queryKey: [marketplace, "activity", act ?? null],
    queryFn: ({ pageParam }) =>
      clientFor(marketplace).call("listActivity", {
        query: {
          limit: pageRows,
          ...(act === undefined ? {} : { act }),
          ...(pageParam === null ? {} : { cursor: pageParam }),
        },
      }),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.nextCursor,
    staleTime: 10_000,
  });

export const sessionsQuery = queryOptions({
  queryKey: ["sessions"],
  queryFn: () => sessionClient.call("listSessions"),
  staleTime: 10_000,
});
