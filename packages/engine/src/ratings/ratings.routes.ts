import { metrics, parseDay, ProblemError } from "@probity/contract";
import type { FastifyInstance } from "fastify";
import type { Db } from "../platform/db.ts";
import { addEndpoint, addPublicEndpoint, type CheckToken } from "../platform/http.ts";
import { policyId } from "./index.ts";
import { canonicalJson, checkPolicy } from "./policy.ts";
import type { RatingsJob } from "./ratings.jobs.ts";
import {
  findSubject,
  insertDraft,
  loadPolicies,
  loadPolicy,
  loadPublicPolicy,
  movePolicy,
  type StoredPolicy,
  toRecord,
} from "./ratings.store.ts";
import type { RatingsReader } from "./reader.store.ts";
import { readFactRows } from "../facts/columns.store.ts";

export interface RatingsRoutesOptions {
  readonly db: Db;
  readonly reader: RatingsReader;
  readonly job: RatingsJob;
  readonly check: CheckToken;
  readonly now: () => number;
}

function addReads(app: FastifyInstance, { reader, check }: RatingsRoutesOptions): void {
  addEndpoint(app, check, "listRatings", ({ params, query, market }) =>
    reader.list(market, { ...params, ...query }, query.cursor, query.limit),
  );
  addEndpoint(app, check, "listCategories", async ({ params, market }) => ({
    items: await reader.categories(market, params.kind),
  }));
  addEndpoint(app, check, "readChanges", ({ params, query, market }) =>
    reader.changes(market, params.kind, query.since),
  );
  addEndpoint(app, check, "readRating", ({ params, query, market }) =>
    reader.read(market, params.kind, params.id, query.on),
  );
  addEndpoint(app, check, "explainRating", ({ params, query, market }) =>
    reader.explain(market, params.kind, params.id, query.on),
  );
  addEndpoint(app, check, "readHistory", ({ params, query, market }) =>
    reader.history(market, params.kind, params.id, query.from, query.to),
  );
  addEndpoint(app, check, "readPacks", async ({ params, query, market }) => ({
    items: await reader.packs(market, params.kind, params.id, query.on),
  }));
}

function addPolicies(app: FastifyInstance, { db, reader, job, check, now }: RatingsRoutesOptions): void {
  addEndpoint(app, check, "listPolicies", async ({ market }) => ({
    items: (await loadPolicies(db, market.marketplaceId)).map(toRecord),
  }));
  addPublicEndpoint(app, "readPolicy", async ({ params }) => {
    const stored = await loadPublicPolicy(db, params.policy);
    if (stored === undefined) throw new ProblemError("not-found", `There is no published policy ${params.policy}`);
    return { record: toRecord(stored), policy: stored.policy };
  });
  addEndpoint(app, check, "readPolicyContent", async ({ params, market }) => {
    const stored = await loadPolicy(db, market.marketplaceId, params.policy);
    if (stored === undefined) throw new ProblemError("not-found", `There is no policy ${params.policy}`);
    return { record: toRecord(stored), policy: stored.policy };
  });
  addEndpoint(app, check, "draftPolicy", async ({ body, market }) => {
    const checked = checkPolicy(body);
    if ("issues" in checked) {
      const errors = checked.issues.map(({ path, rule }) => ({ path, rule }));
      throw new ProblemError("policy-invalid", `${errors[0]?.path ?? ""} ${errors[0]?.rule ?? "breaks a rule"}`, {
        errors,
      });
    }
    const id = policyId(body);
    await insertDraft(db, market.marketplaceId, id, body.subject, canonicalJson(body), now());
    return toRecord((await loadPolicy(db, market.marketplaceId, id)) as StoredPolicy);
  });
  addEndpoint(app, check, "simulatePolicy", async ({ params, body, market, caller }) => {
    const result = await reader.whatIf(market, params.policy, body.on, body.against);
    // Whoever may only read tries a policy out and leaves it as it was.
    if (caller.scopes.includes("policies:write"))
      await movePolicy(db, market.marketplaceId, params.policy, "draft", "simulated");
    return result;
  });
  addEndpoint(app, check, "publishPolicy", async ({ params, body, market }) => {
    const stored = await loadPolicy(db, market.marketplaceId, params.policy);
    if (stored === undefined) throw new ProblemError("not-found", `There is no policy ${params.policy}`);
    const effectiveDay = (await reader.today(market)) + body.noticeDays;
    if (!(await job.publish(market, params.policy, "simulated", effectiveDay, body.noticeDays))) {
      throw new ProblemError("policy-state", `The policy is ${stored.state}; run a what-if on it first, then publish`);
    }
    return toRecord((await loadPolicy(db, market.marketplaceId, params.policy)) as StoredPolicy);
  });
}

function addFacts(app: FastifyInstance, { db, check }: RatingsRoutesOptions): void {
  addPublicEndpoint(app, "listMetrics", async () => ({
    items: metrics.map(({ edgesHours, subjects, ...metric }) => ({
      ...metric,
      subjects: [...subjects],
      ...(edgesHours === undefined ? {} : { edgesHours: [...edgesHours] }),
    })),
  }));
  addEndpoint(app, check, "readFacts", async ({ params, query, market }) => {
    const subject = await findSubject(db, market.marketplaceId, params.kind, params.id);
    if (subject === undefined) throw new ProblemError("not-found", `There is no ${params.kind} ${params.id}`);
    const page = await readFactRows(db, market.marketplaceId, subject.no, {
      metric: query.metric,
      fromDay: query.from === undefined ? 0 : parseDay(query.from),
      toDay: query.to === undefined ? 100_000 : parseDay(query.to),
      cursor: query.cursor,
      limit: query.limit,
    });
    return { kind: params.kind, id: params.id, publicId: subject.publicId, ...page };
  });
}

export function addRatingsRoutes(app: FastifyInstance, options: RatingsRoutesOptions): void {
  addReads(app, options);
  addPolicies(app, options);
  addFacts(app, options);
}
