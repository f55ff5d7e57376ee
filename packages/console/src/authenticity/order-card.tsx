import type { Dossier } from "@probity/contract";
import type { ReactNode } from "react";
import { useVoice } from "../messages/messages.tsx";
import { Card } from "../ui/card.tsx";
import { type AuthenticityWords, useAuthenticityWords } from "./authenticity-words.ts";
import { shareOf } from "./item-line.tsx";

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;
const dayMs = 24 * hourMs;

/** How long in the largest unit that says enough. */
export function spanWords(ms: number, words: AuthenticityWords["dossier"]["span"]): string {
  const long = Math.abs(ms);
  if (long < hourMs) return words.minutes(Math.round(long / minuteMs));
  return long < 2 * dayMs ? words.hours(Math.round(long / hourMs)) : words.days(Math.round(long / dayMs));
}

const orderSteps = ["placedAt", "shippedAt", "deliveredAt", "confirmedAt"] as const;

interface Step {
  readonly id: string;
  readonly title: string;
  readonly at: string | null;
  /** It is what is judged, not one of the order's. */
  readonly own?: boolean;
}

/** What happened in the order in which it did; what is not on record stays where it belongs. */
function inOrder(steps: readonly Step[], own: Step): readonly Step[] {
  const ownMs = Date.parse(own.at ?? "");
  const after = steps.findLastIndex(({ at }) => at !== null && Date.parse(at) <= ownMs);
  return [...steps.slice(0, after + 1), own, ...steps.slice(after + 1)];
}

function StepList({ steps }: { readonly steps: readonly Step[] }): ReactNode {
  const words = useAuthenticityWords().dossier;
  const { f } = useVoice();
  return (
    <ol className="flex flex-col">
      {steps.map(({ id, title, at, own }, place) => {
        const before = steps.slice(0, place).findLast((step) => step.at !== null)?.at ?? null;
        const gapMs = at === null || before === null ? null : Date.parse(at) - Date.parse(before);
        const dot =
          at === null ? "border-edge bg-sheet" : own === true ? "border-amber bg-amber" : "border-jade bg-jade";
        return (
          <li key={id} className="grid grid-cols-[14px_minmax(0,7rem)_minmax(0,1fr)] items-baseline gap-x-2.5 py-1">
            <span aria-hidden className={`size-2.5 rounded-full border ${dot}`} />
            <span className={own === true ? "font-semibold" : ""}>{title}</span>
            <span className="text-sm text-ink-2">
              {at === null ? words.stepMissing : <time dateTime={at}>{f.moment(at)}</time>}
              {gapMs === null ? null : (
                <span className={`ms-2 text-xs ${gapMs < 0 ? "text-cinnabar" : "text-ink-3"}`}>
                  {(gapMs < 0 ? words.before : words.after)(spanWords(gapMs, words.span))}
                </span>
              )}
            </span>
          </li>
        );
      })}
    </ol>
  );
}

/** The order behind it, and when each thing happened. */
export function OrderCard({ item, order }: Pick<Dossier, "item" | "order">): ReactNode {
  const all = useAuthenticityWords();
  const words = all.dossier;
  const voice = useVoice();
  if (order === null && item.kind === "follow") return null;
  const own: Step = { id: "item", title: words.steps.item[item.kind], at: item.at, own: true };
  const steps =
    order === null ? [] : orderSteps.map((name): Step => ({ id: name, title: words.steps[name], at: order[name] }));
  return (
    <Card
      id="order"
      title={words.order}
      {...(order === null
        ? {}
        : {
            aside: (
              <span className="text-xs text-ink-3">
                <bdi>{order.order}</bdi>
                {order.reliability === null ? null : ` · ${all.reliabilityOf(shareOf(order.reliability, voice))}`}
              </span>
            ),
          })}
    >
      {order === null ? <p className="mb-1 text-ink-2">{words.orderNone}</p> : null}
      <StepList steps={item.kind === "order" ? steps : inOrder(steps, own)} />
    </Card>
  );
}
