import type { LogStatus, PolicyRecord } from "@probity/contract";

const checkpoint = {
  size: 1_204_902,
  root: "3f1c".repeat(16),
  shard: 2,
  signedAt: "2026-11-21T08:00:01Z",
  publishedAt: "2026-11-21T08:00:02Z",
  witnesses: ["north"],
};

/** A log with a quorum of witnesses, one of which lags behind. */
export const witnessedLog: LogStatus = {
  audience: "auditors",
  entries: 1_204_910,
  integrated: 1_204_902,
  published: checkpoint,
  quorum: "one-of-two",
  witnesses: [
    {
      name: "north",
      verifierKey: "witness.example/north+0a0b0c0d+BAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
      cosignedAt: "2026-11-21T08:00:02Z",
    },
    {
      name: "south",
      verifierKey: "witness.example/south+1a1b1c1d+BAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
      cosignedAt: null,
    },
  ],
  shards: [1, 2].map((shard) => ({
    shard,
    origin: `trust.example/log/lakeside${shard === 1 ? "" : "/2"}`,
    verifierKey: `trust.example/log/lakeside${shard === 1 ? "" : "/2"}+6190d43a+AVt9A4hgfw1Fd/bxJstr0gm+B706UmECLSm0IgQzTLJp`,
    url: `https://trust.example/log/lakeside${shard === 1 ? "" : "/2"}`,
  })),
  checkpoints: [checkpoint],
};

/** A log of which nothing is published yet, with nobody who witnesses it. */
export const youngLog: LogStatus = {
  ...witnessedLog,
  audience: "public",
  published: null,
  quorum: "none",
  witnesses: [],
  shards: witnessedLog.shards.slice(0, 1),
  checkpoints: [],
};

const policyOf = (
  subject: PolicyRecord["subject"],
  change: Partial<PolicyRecord> & Pick<PolicyRecord, "policy">,
): PolicyRecord => ({
  name: `${subject}-default`,
  subject,
  title: { en: "Starting policy", zh: "起始规则" },
  state: "in-force",
  createdAt: "2026-09-01T00:00:00Z",
  publishedAt: "2026-09-02T00:00:00Z",
  effectiveDay: "2026-09-22",
  noticeDays: 15,
  ...change,
});

export const publishedPolicies: readonly PolicyRecord[] = [
  policyOf("merchant", { policy: "12ab".repeat(16), state: "published", effectiveDay: "2026-12-01" }),
  policyOf("merchant", { policy: "66ef".repeat(16) }),
  policyOf("merchant", {
    policy: "77aa".repeat(16),
    state: "superseded",
    effectiveDay: "1970-01-01",
    noticeDays: 0,
    title: { en: "<script>alert(1)</script> & delivery first", zh: "以履约为先" },
  }),
  policyOf("product", { policy: "89cd".repeat(16) }),
];
