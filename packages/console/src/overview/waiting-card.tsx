import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { waitingQuery } from "../authenticity/authenticity-queries.ts";
import { ledgerQuery, policiesQuery } from "../api/queries.ts";
import { useVoice } from "../messages/messages.tsx";
import { useCurrent } from "../session/current.tsx";
import { Card } from "../ui/card.tsx";
import { Skeleton } from "../ui/states.tsx";
import { useOverviewWords } from "./overview-words.ts";

const unfinished: ReadonlySet<string> = new Set(["draft", "simulated", "published"]);

/** What somebody has to do: each line leads to where it is done. */
export function WaitingCard({ marketplace }: { readonly marketplace: string }): ReactNode {
  const { t, f } = useVoice();
  const said = useOverviewWords();
  const { can } = useCurrent();
  const mayRead = can("letters:read") && can("events:read");
  const ledger = useQuery({ ...ledgerQuery(marketplace), enabled: mayRead });
  const policies = useQuery(policiesQuery(marketplace));
  const letters = ledger.data?.lettersOpen ?? 0;
  const mayDecide = can("authenticity:decide");
  const queue = useQuery({ ...waitingQuery(marketplace), enabled: mayDecide });
  const undecided = queue.data?.waiting ?? 0;
  const open = policies.data?.items.filter(({ state }) => unfinished.has(state)) ?? [];
  const isPending = policies.isPending || (mayDecide && queue.isPending) || (mayRead && ledger.isPending);
  return (
    <Card id="waiting" title={said.waiting}>
      {isPending ? <Skeleton rows={2} rowPx={28} /> : null}
      {!isPending && letters + undecided === 0 && open.length === 0 ? (
        <p className="text-ink-2">{said.waitingNone}</p>
      ) : null}
      <ul className="flex flex-col gap-1.5">
        {letters > 0 ? (
          <li>
            <Link to="/$marketplace/ingest" params={{ marketplace }} search={{ tab: "letters" }} className="link">
              {said.letters(letters)}
            </Link>
          </li>
        ) : null}
        {undecided > 0 ? (
          <li>
            <Link to="/$marketplace/authenticity" params={{ marketplace }} className="link">
              {said.decisions(undecided)}
            </Link>
          </li>
        ) : null}
        {open.map(({ policy, title, state }) => (
          <li key={policy}>
            <Link to="/$marketplace/policies/$policy" params={{ marketplace, policy }} className="link">
              {said.policyWaits(f.words(title), t.policies.states[state] ?? state)}
            </Link>
          </li>
        ))}
      </ul>
    </Card>
  );
}
