import { z } from "zod";
import { endpoint, keyed, seq } from "./endpoint-parts.ts";
import { logAudience, logStatus, ratingProof, receipt } from "./log.ts";
import { id } from "./primitives.ts";

/** The public log as platforms and people see it; what outsiders read stands below /log. */
export const logEndpoints = {
  readLog: endpoint({
    method: "GET",
    path: "/v1/log",
    summary: "How the public log fares: sizes, checkpoints, witnesses, keys",
    scope: "log:read",
    answer: logStatus,
    problems: [...keyed, "log-state"],
  }),
  setLogAudience: endpoint({
    method: "POST",
    path: "/v1/log/audience",
    summary: "Publish entries to everybody, or to holders of a key with log:read alone",
    scope: "log:write",
    body: z.strictObject({ audience: logAudience }),
    answer: z.strictObject({ audience: logAudience }),
    problems: [...keyed, "content-type", "body-not-json", "log-state"],
  }),
  erasePerson: endpoint({
    method: "POST",
    path: "/v1/erasures",
    summary: "Erase a person: names, contacts, own words and ties between purchases; entries and ratings stand",
    scope: "people:erase",
    body: z.strictObject({ person: id }),
    answer: z.strictObject({ events: z.int().min(0), deadLetters: z.int().min(0) }),
    problems: [...keyed, "content-type", "body-not-json", "not-found"],
  }),
  readReceipt: endpoint({
    method: "GET",
    path: "/v1/events/{seq}/receipt",
    summary: "What proves to others that an event stands in the public log, with its fields",
    scope: "events:read",
    params: z.strictObject({ seq }),
    answer: receipt,
    problems: [...keyed, "not-found", "log-state"],
  }),
  readRatingProof: endpoint({
    method: "GET",
    path: "/v1/public/{marketplace}/merchants/{merchant}/proof",
    summary: "What proves a merchant's published rating by the public log",
    scope: null,
    params: z.strictObject({ marketplace: id, merchant: id }),
    answer: ratingProof,
    problems: ["request-invalid", "not-found", "log-state"],
  }),
} as const;
