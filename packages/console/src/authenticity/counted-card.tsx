import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import type { Kind } from "../api/queries.ts";
import { useVoice } from "../messages/messages.tsx";
import { useCurrent } from "../session/current.tsx";
import { Card } from "../ui/card.tsx";
import { countedQuery } from "./authenticity-queries.ts";
import { useAuthenticityWords } from "./authenticity-words.ts";

const shownReasons = 5;

export interface CountedCardProps {
  readonly marketplace: string;
  readonly kind: Kind;
  readonly id: string;
}

/** How many of a subject's reviews, orders and followers count, and why the rest does not. */
export function CountedCard({ marketplace, kind, id }: CountedCardProps): ReactNode {
  const { f } = useVoice();
  const { can } = useCurrent();
  const { data } = useQuery(countedQuery(marketplace, kind, id));
  const { counted: words, reasons } = useAuthenticityWords();
  if (data === undefined || data.reviews + data.orders + data.followers === 0) return null;
  const { reviews, reviewsNotCounted, reviewsReduced, orders, ordersNotCounted, followers, followersNotCounted } = data;
  const most = Math.max(1, ...data.reasons.map(({ items }) => items));
  const rest = [
    ...(ordersNotCounted > 0 ? [words.orders(orders, ordersNotCounted)] : []),
    ...(followersNotCounted > 0 ? [words.followers(followers, followersNotCounted)] : []),
  ];
  return (
    <Card
      id="counted"
      title={words.title}
      {...(kind === "merchant" && can("authenticity:read")
        ? {
            aside: (
              <Link
                to="/$marketplace/authenticity"
                params={{ marketplace }}
                search={{ merchant: id }}
                className="link text-xs"
              >
                {words.queue}
              </Link>
            ),
          }
        : {})}
    >
      {reviews === 0 ? null : (
        <p className="font-medium">{words.reviews(reviews, reviewsNotCounted, reviewsReduced)}</p>
      )}
      {data.reasons.length === 0 ? null : (
        <ul className="mt-2 flex flex-col gap-1.5">
          {data.reasons.slice(0, shownReasons).map(({ code, items }) => (
            <li
              key={code}
              className="grid grid-cols-[minmax(0,10rem)_minmax(2rem,1fr)_2.5rem] items-center gap-3 text-sm"
            >
              <span>{code === "decision" || code === "platform" ? words.others[code] : reasons[code].title}</span>
              <span aria-hidden className="h-2 rounded-full bg-line">
                <span className="block h-full rounded-full bg-cinnabar" style={{ width: `${(items / most) * 100}%` }} />
              </span>
              <span className="text-end">{f.count(items)}</span>
            </li>
          ))}
        </ul>
      )}
      {rest.map((line) => (
        <p key={line} className="mt-2 text-sm text-ink-2">
          {line}
        </p>
      ))}
      <p className="mt-2 text-xs text-ink-3">{words.kept}</p>
    </Card>
  );
}
