import type { Policy, PolicyRecord } from "@probity/contract";
import { type UseMutationResult, useMutation, useQueryClient } from "@tanstack/react-query";
import { getRouteApi, useRouter } from "@tanstack/react-router";
import { useState } from "react";
import { clientFor } from "../api/client.ts";
import { policiesQuery, policyQuery } from "../api/queries.ts";
import { applyDraft } from "./draft.ts";
import type { DraftDesk } from "./draft-desk.ts";
import { diffPolicies } from "./policy-diff.ts";

const route = getRouteApi("/$marketplace/policies/$policy/draft");

/** Of drafts that came meanwhile more than these are not looked into. */
const lookedIntoMax = 5;

export interface SaveAct {
  /** Look first whether somebody else saved a draft of the same policy meanwhile. */
  readonly look: boolean;
  /** A window that was opened for the differences: one that opens later would be taken for an advertisement. */
  readonly beside?: Window | null;
}

export interface DraftSave {
  readonly save: UseMutationResult<PolicyRecord | undefined, Error, SaveAct>;
  /** Drafts of the same policy that came meanwhile, the newest first; empty if none did or they were seen. */
  readonly meanwhile: readonly PolicyRecord[];
  seen(): void;
}

/** Saves a draft. Its id is the hash of its content, so nobody's is overwritten; but one wants to know of others'. */
export function useDraftSave(policy: Policy, desk: DraftDesk): DraftSave {
  const { marketplace, policy: id } = route.useParams();
  const queries = useQueryClient();
  const router = useRouter();
  const navigate = route.useNavigate();
  const [meanwhile, setMeanwhile] = useState<readonly PolicyRecord[]>([]);
  const made = applyDraft(policy, desk.draft);

  /** Drafts that are new to whoever edits; the same content saved before, of which the answer was lost, is not. */
  const others = async (): Promise<readonly PolicyRecord[]> => {
    const { items } = await queries.query({ ...policiesQuery(marketplace), staleTime: 0 });
    const fresh = items
      .filter((one) => one.subject === policy.subject && one.name === policy.name && one.policy !== id)
      .filter((one) => !desk.known.includes(one.policy))
      .sort((one, other) => Date.parse(other.createdAt) - Date.parse(one.createdAt));
    const contents = await Promise.all(
      fresh.slice(0, lookedIntoMax).map((one) => queries.query(policyQuery(marketplace, one.policy))),
    );
    return fresh.filter((_, place) => {
      const content = contents[place];
      return content === undefined || diffPolicies(content.policy, made).length > 0;
    });
  };

  const save = useMutation({
    mutationFn: async ({ look }: SaveAct) => {
      const found = look ? await others() : [];
      if (found.length > 0) {
        setMeanwhile(found);
        return undefined;
      }
      return clientFor(marketplace).call("draftPolicy", { body: made });
    },
    onError: (_, { beside }) => beside?.close(),
    onSuccess: async (record, { beside }) => {
      if (record === undefined) return;
      desk.forget();
      const [newest] = meanwhile;
      if (beside !== undefined && beside !== null && newest !== undefined) {
        const { publicHref } = router.buildLocation({
          to: "/$marketplace/policies/$policy/diff",
          params: { marketplace, policy: record.policy },
          search: { with: newest.policy },
        });
        beside.location.href = publicHref;
      }
      await queries.invalidateQueries({ queryKey: [marketplace, "policies"] });
      await navigate({
        to: "/$marketplace/policies/$policy/what-if",
        params: { marketplace, policy: record.policy },
        ignoreBlocker: true,
      });
    },
  });
  return {
    save,
    meanwhile,
    seen: () => {
      desk.know(meanwhile.map((one) => one.policy));
      setMeanwhile([]);
    },
  };
}
