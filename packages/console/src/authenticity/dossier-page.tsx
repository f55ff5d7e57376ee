import type { AssessedKind, ModeratorDecision } from "@probity/contract";
import { getRouteApi, Link } from "@tanstack/react-router";
import { type KeyboardEvent, type ReactNode, useState } from "react";
import { useCurrent } from "../session/current.tsx";
import { PageHead } from "../shell/page-head.tsx";
import { useAuthenticityWords } from "./authenticity-words.ts";
import { DecideBar, useNote } from "./decide-bar.tsx";
import { deskActOf } from "./desk-keys.ts";
import { DossierPanel } from "./dossier.tsx";
import { useDecisions } from "./use-decisions.ts";

const route = getRouteApi("/$marketplace/authenticity/$kind/$merchant/$id");

interface DeciderProps {
  readonly marketplace: string;
  readonly kind: AssessedKind;
  readonly merchant: string;
  readonly id: string;
  readonly blind: boolean;
  readonly children: ReactNode;
}

/** Decisions on one thing alone, by buttons and by the keys of the queue. */
function Decider({ marketplace, kind, merchant, id, blind, children }: DeciderProps): ReactNode {
  const words = useAuthenticityWords().queue;
  const { can } = useCurrent();
  const mayDecide = can("authenticity:decide");
  const decisions = useDecisions(marketplace);
  const [note, setNote, takeNote] = useNote();
  const [busy, setBusy] = useState(false);
  const decide = (verdict: ModeratorDecision): void => {
    if (busy || !mayDecide) return;
    setBusy(true);
    void decisions
      .decide([{ kind, merchant, id }], verdict, { note: takeNote(), secondLook: blind })
      .finally(() => setBusy(false));
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    if ((event.target as HTMLElement).closest("input, textarea, [role=combobox]") !== null) return;
    const act = deskActOf(event);
    if (act?.do === "decide") decide(act.verdict);
    else if (act?.do === "undo") void decisions.undoLast();
    else return;
    event.preventDefault();
  };
  return (
    // oxlint-disable-next-line no-static-element-interactions -- a press anywhere inside keeps the keys at hand
    <div tabIndex={-1} onKeyDown={onKeyDown} className="outline-none">
      {mayDecide ? (
        <div className="sticky top-0 z-10 -mx-1 mb-4 border-b border-line bg-paper px-1 py-2 max-md:top-12">
          <DecideBar note={note} onNote={setNote} onDecide={decide} disabled={busy} withKeys />
        </div>
      ) : (
        <p className="mb-4 text-sm text-ink-2">{words.readOnly}</p>
      )}
      {children}
    </div>
  );
}

/** A review, order or follower with all that is known of it, as a page of its own. */
export function DossierPage(): ReactNode {
  const { marketplace, kind, merchant, id } = route.useParams();
  const { second = false } = route.useSearch();
  const words = useAuthenticityWords();
  return (
    <>
      <PageHead
        title={words.dossier.title[kind](id)}
        crumb={
          <Link to="/$marketplace/authenticity" params={{ marketplace }} className="link">
            {words.dossier.back}
          </Link>
        }
      />
      <Decider
        key={`${kind}/${merchant}/${id}`}
        marketplace={marketplace}
        kind={kind}
        merchant={merchant}
        id={id}
        blind={second}
      >
        <DossierPanel marketplace={marketplace} kind={kind} merchant={merchant} id={id} blind={second} />
      </Decider>
    </>
  );
}
