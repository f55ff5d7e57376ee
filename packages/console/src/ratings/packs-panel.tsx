import type { PackAnswer } from "@probity/contract";
import { useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { problemWords } from "../api/problem-words.ts";
import { type Kind, packsQuery } from "../api/queries.ts";
import { useVoice, type Voice } from "../messages/messages.tsx";
import { Card } from "../ui/card.tsx";
import { Chip } from "../ui/chip.tsx";
import { EmptyState, ErrorState, Skeleton } from "../ui/states.tsx";

type Check = PackAnswer["checks"][number];

function amount(check: Check, value: number, { t, f }: Voice): string {
  if (check.kind === "count") return f.count(value);
  return check.kind === "mean" || check.kind === "prior-mean"
    ? t.subject.stars((value / 1_000_000) * 4 + 1)
    : f.percent(value);
}

/** What the first tier asks of a check: the best one there is. */
function CheckRow({ check, voice }: { readonly check: Check; readonly voice: Voice }): ReactNode {
  const { t, f } = voice;
  const [tier] = Object.values(check.tiers);
  const known = check.kind === "count" || check.value !== null;
  const value = check.kind === "count" ? check.count : (check.value ?? 0);
  return (
    <li className="grid grid-cols-[1fr_auto] items-center gap-x-3 border-t border-line py-2 text-sm first:border-t-0">
      <span className="min-w-0">{f.words(check.title)}</span>
      {tier === undefined ? null : (
        <Chip look={!known ? "plain" : tier.holds ? "good" : "bad"}>
          {!known ? t.subject.tooLittle : tier.holds ? t.subject.holds : t.subject.broken}
        </Chip>
      )}
      <span className="col-span-2 text-xs text-ink-3">
        {[
          known ? amount(check, value, voice) : t.subject.tooLittle,
          ...(tier === undefined
            ? []
            : [(tier.bound === "max" ? t.subject.atMost : t.subject.atLeast)(amount(check, tier.threshold, voice))]),
          t.subject.window(check.windowDays),
        ].join(" · ")}
      </span>
    </li>
  );
}

function Pack({ pack }: { readonly pack: PackAnswer }): ReactNode {
  const voice = useVoice();
  const { t, f } = voice;
  return (
    <Card id={`pack-${pack.pack}`} title={f.words(pack.title)}>
      <p className="mb-2 text-lg font-semibold">{f.words(pack.tierTitle)}</p>
      <ul>
        {pack.checks.map((check) => (
          <CheckRow key={check.id} check={check} voice={voice} />
        ))}
      </ul>
      <details className="mt-3 text-xs text-ink-3">
        <summary>
          {t.subject.packSource}
          {" · "}
          {t.subject.packFigures[pack.figures] ?? pack.figures}
        </summary>
        <p className="mt-1">{pack.source}</p>
      </details>
    </Card>
  );
}

export interface PacksPanelProps {
  readonly marketplace: string;
  readonly kind: Kind;
  readonly id: string;
  readonly on: string | undefined;
}

/** The same facts under other platforms' rules, side by side. */
export function PacksPanel({ marketplace, kind, id, on }: PacksPanelProps): ReactNode {
  const { t } = useVoice();
  const packs = useQuery(packsQuery(marketplace, kind, id, on));
  if (packs.isPending) return <Skeleton rows={6} />;
  if (packs.isError) return <ErrorState text={problemWords(packs.error, t)} onRetry={() => void packs.refetch()} />;
  if (packs.data.items.length === 0) return <EmptyState title={t.subject.packsNone} />;
  return (
    <>
      <p className="mb-3 text-ink-2">{t.subject.packsHint}</p>
      <div className="grid items-start gap-4 md:grid-cols-2 xl:grid-cols-3">
        {packs.data.items.map((pack) => (
          <Pack key={pack.pack} pack={pack} />
        ))}
      </div>
    </>
  );
}
