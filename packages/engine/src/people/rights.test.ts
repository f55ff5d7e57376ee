import { readFileSync } from "node:fs";
import { apiKeyScopes, roles, roleScopes } from "@probity/contract";
import { describe, expect, test } from "vitest";
import { actOf } from "./acts.ts";
import { isWithin, parseOidcRules, rolesFromClaims } from "./rights.ts";

describe("rights", () => {
  test("of every role stand in the README as they are", () => {
    const page = readFileSync(new URL("README.md", import.meta.url), "utf8");
    const told = [...page.matchAll(/^\| ([a-z]+) \| (all|`[^|]*`) \|$/gm)].flatMap(([, role = "", list = ""]) =>
      (roles as readonly string[]).includes(role)
        ? [[role, list === "all" ? [...apiKeyScopes] : list.replaceAll("`", "").split(", ")]]
        : [],
    );
    expect(Object.fromEntries(told)).toEqual(roleScopes);
  });

  test("are handed on only by who has them", () => {
    expect(isWithin([], [])).toBe(true);
    expect(isWithin(roleScopes.viewer, roleScopes.analyst)).toBe(true);
    expect(isWithin(roleScopes.analyst, roleScopes.viewer)).toBe(false);
    expect(isWithin(["people:write"], roleScopes.operator)).toBe(false);
    for (const role of roles) expect(isWithin(roleScopes[role], roleScopes.admin)).toBe(true);
  });
});

describe("roles from claims", () => {
  const parsed = parseOidcRules("trust-admins=main/admin, risk=main/analyst,risk=books/viewer, a=b=books/auditor");
  const rules = "rules" in parsed ? parsed.rules : [];

  test("go by the rules in their order, for a list or a single value", () => {
    expect(rules).toHaveLength(4);
    expect([...rolesFromClaims(rules, ["risk", "trust-admins", "other"])]).toEqual([
      ["main", "admin"],
      ["books", "viewer"],
    ]);
    expect([...rolesFromClaims(rules, "risk")]).toEqual([
      ["main", "analyst"],
      ["books", "viewer"],
    ]);
    expect([...rolesFromClaims(rules, ["a=b"])]).toEqual([["books", "auditor"]]);
    for (const none of [undefined, null, [], "", {}, ["nobody"], { risk: true }, [["risk"]]])
      expect(rolesFromClaims(rules, none).size).toBe(0);
  });

  test("are refused where a rule breaks the form", () => {
    for (const wrong of ["risk", "risk=main", "risk=main/king", "=main/admin", "risk=MAIN/admin", "risk=main/admin/x"])
      expect(parseOidcRules(wrong)).toEqual({ wrong });
  });
});

describe("what leaves a trace", () => {
  test("is who was there before, and what came of it, in short values", () => {
    const policy = "a".repeat(64);
    expect(actOf("discardDeadLetter", { deadLetter: "7" }, {}, { state: "discarded" })).toEqual({
      act: "dead-letter-discarded",
      object: "7",
      before: "open",
      after: "discarded",
    });
    const replay = { accepted: 0, verdicts: [{ verdict: "rejected", message: "a name, a street" }] };
    expect(actOf("replayDeadLetter", { deadLetter: "7" }, {}, replay)).toEqual({
      act: "dead-letter-replayed",
      object: "7",
      before: "open",
      after: "rejected",
    });
    expect(actOf("draftPolicy", undefined, {}, { policy, state: "draft" })).toMatchObject({ object: policy });
    expect(actOf("publishPolicy", { policy }, { noticeDays: 7 }, { state: "published" })).toMatchObject({
      act: "policy-published",
      after: "published, 7 days' notice",
    });
    expect(actOf("simulatePolicy", { policy }, {}, {})).toEqual({ act: "policy-simulated", object: policy });
    const issued = { credential: { credential: "c1", expiresAt: "2026-12-20T12:00:00.000Z" }, text: "secret" };
    expect(actOf("issueCredential", { merchant: "m1" }, {}, issued)).toEqual({
      act: "credential-issued",
      object: "c1",
      after: "until 2026-12-20T12:00:00.000Z",
    });
    expect(actOf("importCredential", undefined, {}, { import: "i1", issuer: "did:web:x" })).toMatchObject({
      object: "i1",
      after: "did:web:x",
    });
    expect(actOf("setCredentialIssuer", undefined, { issuer: "did:web:x", weight: 600 }, {})).toMatchObject({
      after: "weight 600",
    });
    const turned = { keys: [{ kid: "old" }, { kid: "new" }] };
    expect(actOf("rotateCredentialKey", undefined, {}, turned)).toMatchObject({ object: "new" });
    for (const read of ["listRatings", "ingest", "readSession", "listPeople"] as const)
      expect(actOf(read, {}, {}, {})).toBeUndefined();
  });
});
