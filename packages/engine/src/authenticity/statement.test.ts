import { assessedKinds, reasonCodes, ringEvidenceKinds } from "@probity/contract";
import { describe, expect, it } from "vitest";
import { disproofOf } from "./disproof.ts";
import { statementOf } from "./statement.ts";

describe("what the person concerned is told", () => {
  it("names what spoke against it, in both languages, and that one can appeal; never what spoke for it", () => {
    for (const kind of assessedKinds)
      for (const code of reasonCodes) {
        const reasons = [
          { code, points: -300 },
          { code: "record", points: 200 },
        ] as const;
        const told = statementOf(kind, 0, reasons, "batch");
        expect(told.en).toMatch(/does not count .* not deleted\. What spoke against it: .+\. You can appeal/);
        expect(told.zh).toMatch(/不计入.*不会删除。主要原因：.+。您可以申诉/);
        if (code !== "record") expect(told.en).not.toContain("account's record");
      }
  });

  it("says how much is counted in part, who decided, and little where everything counts", () => {
    expect(statementOf("review", 433, [], "batch").en).toContain("counts 43.3 %");
    expect(statementOf("review", 0, [], "decided").en).toContain("A moderator decided so");
    expect(statementOf("review", 0, [], "platform").zh).toContain("平台作出");
    expect(statementOf("order", 1_000, [], "live")).toEqual({
      en: "Your order counts in full.",
      zh: "您的订单全额计入。",
    });
  });
});

describe("what would disprove a ring", () => {
  it("answers every kind of evidence that speaks, the strongest first, and no other", () => {
    const evidence = ringEvidenceKinds.map((kind, place) => ({ kind, observed: 1, expected: 0, p: place / 100 }));
    const answers = disproofOf(evidence.toReversed());
    expect(answers).toHaveLength(evidence.filter(({ p }) => p <= 0.05).length);
    expect(answers[0]?.en).toContain("household");
    expect(disproofOf([{ kind: "devices", observed: 0, expected: 1, p: 0.5 }])).toEqual([]);
    expect(
      new Set(
        disproofOf(ringEvidenceKinds.map((kind) => ({ kind, observed: 1, expected: 0, p: 0 }))).map(({ zh }) => zh),
      ).size,
    ).toBe(ringEvidenceKinds.length);
  });
});
