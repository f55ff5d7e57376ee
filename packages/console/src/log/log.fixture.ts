import { type EndpointAnswer, endpoints, type LogStatus } from "@probity/contract";
import { type SignedLog, signedLog } from "@probity/verifier/tlog/signed-log.fixture";
import type { Page, Route } from "playwright-core";
import { merchantId } from "../shell/server.fixture.ts";

/** The log as a server keeps it, for a test to change. */
export interface LogState {
  readonly log: SignedLog;
  /** Null while the log has not begun. */
  status: LogStatus | null;
  /** Place that stands in the ledger and in no published checkpoint. */
  readonly unpublished: number;
  receipt: string;
  rating: SignedLog["rating"] | null;
  refusesAudience: boolean;
  readonly asked: unknown[];
}

const at = "2026-11-21T08:00:00Z";

export async function newLog(): Promise<LogState> {
  const log = await signedLog("trust.example/log/demo", "demo");
  const checkpoint = {
    size: log.size,
    root: log.root,
    shard: 1,
    signedAt: at,
    publishedAt: at,
    witnesses: ["w1"],
  };
  return {
    log,
    status: {
      audience: "public",
      entries: log.size + 2,
      integrated: log.size + 1,
      published: checkpoint,
      quorum: "w1",
      witnesses: [
        { name: "w1", verifierKey: log.witnessKey, cosignedAt: at },
        { name: "w2", verifierKey: log.witnessKey.replace("w1", "w2"), cosignedAt: null },
      ],
      shards: [{ shard: 1, origin: log.origin, verifierKey: log.verifierKey, url: "https://trust.example/log/demo" }],
      checkpoints: [
        { ...checkpoint, size: log.size + 1, root: "cd".repeat(32), publishedAt: null, witnesses: [] },
        checkpoint,
      ],
    },
    unpublished: log.size,
    receipt: log.receipt,
    rating: log.rating,
    refusesAudience: false,
    asked: [],
  };
}

const refuse = (route: Route, status: number, code: string): Promise<void> =>
  route.fulfill({
    status,
    contentType: "application/problem+json",
    json: { type: `https://probity.dev/problems/${code}`, title: code, status, detail: code },
  });

/** Answers what is asked about the log, by the contract; everything else goes on to the server. */
export async function serveLog(page: Page, state: LogState): Promise<void> {
  const answer = <N extends "readLog" | "readReceipt" | "readRatingProof" | "setLogAudience">(
    route: Route,
    name: N,
    made: EndpointAnswer<N>,
  ): Promise<void> => route.fulfill({ json: endpoints[name].answer.parse(made) });
  await page.route("**/log/*/trust-policy", (route) =>
    route.fulfill({ contentType: "text/plain; charset=utf-8", body: state.log.policy }),
  );
  await page.route("**/v1/log", (route) =>
    state.status === null ? refuse(route, 409, "log-state") : answer(route, "readLog", state.status),
  );
  await page.route("**/v1/log/audience", async (route) => {
    const body = route.request().postDataJSON() as { audience: LogStatus["audience"] };
    state.asked.push(body);
    if (state.refusesAudience || state.status === null) return refuse(route, 409, "log-state");
    state.status = { ...state.status, audience: body.audience };
    return answer(route, "setLogAudience", body);
  });
  await page.route("**/v1/events/*/receipt", (route) => {
    const seq = Number(/events\/(\d+)\//.exec(route.request().url())?.[1]);
    if (seq === state.unpublished) return refuse(route, 409, "log-state");
    if (seq !== 2) return refuse(route, 404, "not-found");
    return answer(route, "readReceipt", {
      seq,
      size: state.log.size,
      fileName: "demo-2.tlog-proof",
      receipt: state.receipt,
    });
  });
  await page.route("**/v1/public/*/merchants/*/proof", (route) =>
    state.rating === null
      ? refuse(route, 409, "log-state")
      : answer(route, "readRatingProof", { merchant: merchantId, ...state.rating, path: [...state.rating.path] }),
  );
}
