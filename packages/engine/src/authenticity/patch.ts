import type { AssessedKind } from "@probity/contract";

/** Times in seconds since 1970. */
export interface OrderPatch {
  readonly table: "order";
  readonly merchant: string;
  readonly order: string;
  readonly buyer?: string;
  readonly product?: string;
  readonly placed?: number;
  readonly shipped?: number;
  readonly delivered?: number;
  readonly confirmed?: number;
  readonly cancelled?: boolean;
  readonly returned?: boolean;
  readonly tracking?: boolean;
  readonly device?: string;
  readonly payer?: string;
  readonly address?: string;
  readonly carrier?: string;
}

export interface ReviewPatch {
  readonly table: "review";
  readonly merchant: string;
  readonly review: string;
  readonly reviewer?: string;
  readonly product?: string;
  readonly order?: string;
  readonly posted?: number;
  readonly edited?: number;
  readonly stars?: number;
  /** Title and text as written; absent where the event brought none. */
  readonly words?: string;
  readonly declared?: boolean;
  readonly removed?: boolean;
  readonly appealed?: number;
}

export interface FollowPatch {
  readonly table: "follow";
  readonly kind: "merchant" | "promoter";
  readonly target: string;
  readonly user: string;
  readonly followed?: number;
  readonly left?: number;
  readonly active?: boolean;
}

export interface InsiderPatch {
  readonly table: "insider";
  readonly merchant: string;
  readonly user: string;
  readonly holds: boolean;
  readonly at: number;
}

/** The platform's own word on what we would judge: it holds until the platform says otherwise. */
export interface ToldPatch {
  readonly table: "told";
  readonly kind: AssessedKind;
  /** Merchant or promoter. */
  readonly owner: string;
  readonly id: string;
  readonly reliability: number;
  readonly at: number;
}

/** What one event adds to the evidence. */
export type Patch = OrderPatch | ReviewPatch | FollowPatch | InsiderPatch | ToldPatch;

/** The part of an event that evidence is made of; `sealed` holds what stands under the person's key, opened. */
export interface EvidenceEvent {
  readonly type: string;
  readonly timeMs: number;
  readonly data: Readonly<Record<string, unknown>>;
  readonly sealed: Readonly<Record<string, unknown>>;
}

/** Types of events that evidence is made of. */
export const evidenceTypes: readonly string[] = [
  "order.placed",
  "order.shipped",
  "order.delivered",
  "order.confirmed",
  "order.cancelled",
  "return.requested",
  "review.posted",
  "review.edited",
  "review.removed",
  "review.appealed",
  "user.followed",
  "user.unfollowed",
  "content.shared",
  "content.liked",
  "insider.declared",
  "reliability.assessed",
  "order.assessed",
  "follow.assessed",
];

const text = (value: unknown): string | undefined => (typeof value === "string" && value !== "" ? value : undefined);

/** Drops what is undefined, so that a patch names only what its event told. */
function known<T extends object>(patch: T): T {
  return Object.fromEntries(Object.entries(patch).filter(([, value]) => value !== undefined)) as T;
}

function orderPatch({ type, timeMs, data, sealed }: EvidenceEvent): OrderPatch | undefined {
  const at = timeMs / 1_000;
  const [merchant, order] = [text(data["merchant"]), text(data["order"])];
  if (merchant === undefined || order === undefined) return undefined;
  const about = { table: "order", merchant, order } as const;
  switch (type) {
    case "order.placed": {
      const [first] = (data["items"] as { readonly product?: unknown }[] | undefined) ?? [];
      return known({
        ...about,
        buyer: text(data["buyer"]),
        product: text(first?.product),
        placed: at,
        device: text(sealed["device"] ?? data["device"]),
        payer: text(sealed["payer"] ?? data["payer"]),
        address: text(sealed["shipTo"] ?? data["shipTo"]),
      }) as OrderPatch;
    }
    case "order.shipped":
      return known({
        ...about,
        shipped: at,
        tracking: data["trackingValid"] as boolean | undefined,
        carrier: text(data["carrier"]),
      }) as OrderPatch;
    case "order.delivered":
      return { ...about, delivered: at };
    case "order.confirmed":
      return { ...about, confirmed: at };
    case "order.cancelled":
      return { ...about, cancelled: true };
    default:
      return { ...about, returned: true };
  }
}

function reviewPatch({ type, timeMs, data, sealed }: EvidenceEvent): ReviewPatch | undefined {
  const at = timeMs / 1_000;
  const about = { table: "review", merchant: String(data["merchant"]), review: String(data["review"]) } as const;
  const written = [sealed["title"] ?? data["title"], sealed["text"] ?? data["text"]].filter(
    (part) => text(part) !== undefined,
  );
  switch (type) {
    case "review.posted":
      return known({
        ...about,
        reviewer: text(data["buyer"]),
        product: text(data["product"]),
        order: text(data["order"]),
        posted: at,
        stars: data["stars"] as number,
        words: text(written.join("\n")),
        declared: data["incentive"] === undefined ? undefined : data["incentive"] !== "none",
      }) as ReviewPatch;
    case "review.edited":
      return known({
        ...about,
        edited: at,
        stars: data["stars"] as number,
        words: text(written.join("\n")),
      }) as ReviewPatch;
    case "review.appealed":
      return { ...about, appealed: at };
    default:
      return { ...about, removed: true };
  }
}

function followPatch({ type, timeMs, data }: EvidenceEvent): FollowPatch {
  const at = timeMs / 1_000;
  const about = {
    table: "follow",
    kind: data["kind"] === "promoter" ? "promoter" : "merchant",
    target: String(data["followed"]),
    user: String(data["user"]),
  } as const;
  if (type === "user.followed") return { ...about, followed: at };
  if (type === "user.unfollowed") return { ...about, left: at };
  return { ...about, active: true };
}

const toldKinds: Readonly<Record<string, readonly [AssessedKind, owner: string, id: string]>> = {
  "reliability.assessed": ["review", "merchant", "review"],
  "order.assessed": ["order", "merchant", "order"],
  "follow.assessed": ["follow", "followed", "user"],
};

/** What an event adds to the evidence; undefined where it adds nothing. */
export function patchOf(event: EvidenceEvent): Patch | undefined {
  const { type, data, timeMs } = event;
  const told = Object.hasOwn(toldKinds, type) ? toldKinds[type] : undefined;
  if (told !== undefined) {
    const [kind, owner, id] = told;
    const reliability = data["reliability"] as number;
    return { table: "told", kind, owner: String(data[owner]), id: String(data[id]), reliability, at: timeMs / 1_000 };
  }
  if (type === "insider.declared") {
    const [merchant, user] = [String(data["merchant"]), String(data["user"])];
    return { table: "insider", merchant, user, holds: data["holds"] === true, at: timeMs / 1_000 };
  }
  if (!evidenceTypes.includes(type)) return undefined;
  if (type.startsWith("order.") || type === "return.requested") return orderPatch(event);
  return type.startsWith("review.") ? reviewPatch(event) : followPatch(event);
}
