import { useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { type ReactNode, useEffect, useRef, useState } from "react";
import { foundWeakQuery, policiesQuery } from "../api/queries.ts";
import { useCurrent } from "../session/current.tsx";
import { Button } from "../ui/button.tsx";
import { X } from "../ui/icons.ts";
import { keepTour, tourLeft } from "./tour-left.ts";
import { useTourWords } from "./tour-words.ts";

type Stop = "reasons" | "whatIf" | "packs" | "live" | "card";

/** Where the tour stops: a rating and its reasons, a what-if, other rules, an event arriving, the public card. */
const stops: readonly Stop[] = ["reasons", "whatIf", "packs", "live", "card"];

interface Places {
  /** A merchant with much to explain; undefined where nothing is rated. */
  readonly merchant: string | undefined;
  readonly draft: string | undefined;
}

function usePlaces(marketplace: string): Places & { readonly isReady: boolean } {
  const weak = useQuery(foundWeakQuery(marketplace));
  const policies = useQuery(policiesQuery(marketplace));
  const draft = policies.data?.items.find(({ state }) => state === "draft" || state === "simulated")?.policy;
  return { merchant: weak.data ?? undefined, draft, isReady: weak.isSuccess && policies.isSuccess };
}

/** Shows a stop's page. A stop without a place stays where one is. */
function useGo(marketplace: string, { merchant, draft }: Places): (stop: Stop) => void {
  const navigate = useNavigate();
  return (stop) => {
    const subject = {
      to: "/$marketplace/$plural/$id",
      params: { marketplace, plural: "merchants", id: merchant ?? "" },
    } as const;
    if (stop === "live") void navigate({ to: "/$marketplace/overview", params: { marketplace } });
    else if (stop === "whatIf" && draft !== undefined)
      void navigate({ to: "/$marketplace/policies/$policy/what-if", params: { marketplace, policy: draft } });
    else if (stop === "reasons" && merchant !== undefined) void navigate(subject);
    else if ((stop === "packs" || stop === "card") && merchant !== undefined)
      void navigate({ ...subject, search: { tab: stop === "packs" ? "rules" : "card" } });
  };
}

/** Five stops for who is new; it stands beside the page, takes no focus away, and can be left at any time. */
export function Tour(): ReactNode {
  const words = useTourWords();
  const { session, marketplace } = useCurrent();
  const [isLeft, setLeft] = useState(() => session.person?.isVisitor !== true || tourLeft());
  const [at, setAt] = useState(-1);
  const places = usePlaces(marketplace.slug);
  const go = useGo(marketplace.slug, places);
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    if (at >= 0) heading.current?.focus();
  }, [at]);
  if (isLeft || !places.isReady) return null;
  const stop = stops[at];
  const leave = (): void => {
    keepTour();
    setLeft(true);
  };
  const move = (to: number): void => {
    const next = stops[to];
    if (next === undefined) return leave();
    setAt(to);
    go(next);
  };
  const said = stop === undefined ? { title: words.title, text: words.text } : words.stops[stop];
  return (
    <aside
      aria-label={words.label}
      className="no-print fixed end-4 bottom-4 z-30 w-[min(360px,calc(100vw-32px))] rounded-card border border-jade-line bg-sheet p-4 shadow-float"
    >
      <header className="flex items-start gap-2">
        <h2 ref={heading} tabIndex={-1} className="flex-1 font-semibold outline-none">
          {said.title}
        </h2>
        <button
          type="button"
          aria-label={words.leave}
          onClick={leave}
          className="-me-2 -mt-1 grid size-8 place-items-center rounded-control text-ink-2 hover:bg-sunk"
        >
          <X size={15} aria-hidden />
        </button>
      </header>
      <p className="mt-1 text-ink-2">{said.text}</p>
      <footer className="mt-3 flex items-center gap-2">
        <span className="flex-1 text-sm text-ink-3">
          {at < 0 ? words.length(stops.length) : words.place(at + 1, stops.length)}
        </span>
        {at > 0 ? <Button onClick={() => move(at - 1)}>{words.back}</Button> : null}
        <Button look="primary" onClick={() => move(at + 1)}>
          {at < 0 ? words.begin : at === stops.length - 1 ? words.end : words.next}
        </Button>
      </footer>
    </aside>
  );
}
