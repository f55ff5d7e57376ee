import type { AssessedKind, QueueFilter, QueueOrder, RingSummary } from "@probity/contract";
import { infiniteQueryOptions, keepPreviousData, queryOptions } from "@tanstack/react-query";
import { clientFor } from "../api/client.ts";

const staleMs = 60_000;
const pageRows = 100;
/** A training takes minutes. */
const trainingMs = 5_000;

type Cursor = string | null;
const cursorOf = (cursor: Cursor): { cursor?: string } => (cursor === null ? {} : { cursor });

/** The queue is asked for anew whenever somebody comes to it: others decide meanwhile. */
export const queueQuery = (marketplace: string, filter: QueueFilter, order: QueueOrder) =>
  infiniteQueryOptions({
    queryKey: [marketplace, "queue", filter, order],
    queryFn: ({ pageParam }) => {
      const { appealed, reliabilityMin, reliabilityMax, ...rest } = filter;
      return clientFor(marketplace).call("listQueue", {
        query: {
          ...rest,
          order,
          limit: pageRows,
          ...(appealed === undefined ? {} : { appealed: String(appealed) }),
          ...(reliabilityMin === undefined ? {} : { reliabilityMin }),
          ...(reliabilityMax === undefined ? {} : { reliabilityMax }),
          ...cursorOf(pageParam),
        },
      });
    },
    initialPageParam: null as Cursor,
    getNextPageParam: (page) => page.nextCursor,
    staleTime: 0,
    refetchOnWindowFocus: false,
    placeholderData: keepPreviousData,
  });

/** How many wait for a decision. */
export const waitingQuery = (marketplace: string) =>
  queryOptions({
    queryKey: [marketplace, "queue-waiting"],
    queryFn: () => clientFor(marketplace).call("listQueue", { query: { limit: 1 } }),
    staleTime: staleMs,
  });

const dossierOf = { review: "readReviewDossier", order: "readOrderDossier", follow: "readFollowDossier" } as const;

export const dossierQuery = (marketplace: string, kind: AssessedKind, merchant: string, id: string) =>
  queryOptions({
    queryKey: [marketplace, "dossier", kind, merchant, id],
    queryFn: () => clientFor(marketplace).call(dossierOf[kind], { params: { merchant, id } }),
    staleTime: staleMs,
  });

export const userRecordQuery = (marketplace: string, user: string) =>
  queryOptions({
    queryKey: [marketplace, "user-record", user],
    queryFn: () => clientFor(marketplace).call("readUserRecord", { params: { user } }),
    staleTime: staleMs,
  });

export const ringsQuery = (
  marketplace: string,
  state: RingSummary["state"] | undefined,
  merchant: string | undefined,
) =>
  infiniteQueryOptions({
    queryKey: [marketplace, "rings", state ?? null, merchant ?? null],
    queryFn: ({ pageParam }) =>
      clientFor(marketplace).call("listRings", {
        query: {
          limit: pageRows,
          ...(state === undefined ? {} : { state }),
          ...(merchant === undefined ? {} : { merchant }),
          ...cursorOf(pageParam),
        },
      }),
    initialPageParam: null as Cursor,
    getNextPageParam: (page) => page.nextCursor,
    staleTime: staleMs,
    placeholderData: keepPreviousData,
  });

export const ringQuery = (marketplace: string, ring: string) =>
  queryOptions({
    queryKey: [marketplace, "ring", ring],
    queryFn: () => clientFor(marketplace).call("readRing", { params: { ring } }),
    staleTime: staleMs,
  });

/** While a training runs the page asks how it stands. */
export const modelsQuery = (marketplace: string) =>
  queryOptions({
    queryKey: [marketplace, "models"],
    queryFn: () => clientFor(marketplace).call("listModels"),
    staleTime: 0,
    refetchInterval: (query) => (query.state.data?.training === true ? trainingMs : false),
  });

export const modelQuery = (marketplace: string, model: string) =>
  queryOptions({
    queryKey: [marketplace, "model", model],
    queryFn: () => clientFor(marketplace).call("readModel", { params: { model } }),
    staleTime: staleMs,
  });

export const agreementQuery = (marketplace: string) =>
  queryOptions({
    queryKey: [marketplace, "agreement"],
    queryFn: () => clientFor(marketplace).call("readAgreement"),
    staleTime: staleMs,
  });

export const auditQuery = (marketplace: string) =>
  queryOptions({
    queryKey: [marketplace, "suppression-audit"],
    queryFn: () => clientFor(marketplace).call("readSuppressionAudit"),
    staleTime: staleMs,
  });

export const countedQuery = (marketplace: string, kind: "merchant" | "product" | "promoter", id: string) =>
  queryOptions({
    queryKey: [marketplace, "counted", kind, id],
    queryFn: () => clientFor(marketplace).call("readAuthenticity", { params: { kind, id } }),
    staleTime: staleMs,
  });
