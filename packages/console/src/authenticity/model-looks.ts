import type { ModelSummary } from "@probity/contract";
import type { ChipLook } from "../ui/chip.tsx";

export const modelLooks: Readonly<Record<ModelSummary["state"], ChipLook>> = {
  candidate: "info",
  "in-force": "good",
  retired: "plain",
  rejected: "bad",
};

/** Enough of a model's id to tell it from others. */
export const shortModel = (model: string): string => model.slice(0, 12);
