import { useQuery } from "@tanstack/react-query";
import { createElement, type ReactNode, useEffect } from "react";
import { isNotFound } from "../api/client.ts";
import { problemWords } from "../api/problem-words.ts";
import { cardQuery } from "../api/queries.ts";
import { useVoice } from "../messages/messages.tsx";
import { useTheme } from "../shell/theme.ts";
import { buttonLink } from "../ui/button.tsx";
import { Card } from "../ui/card.tsx";
import { CopyText } from "../ui/copy-text.tsx";
import { ExternalLink } from "../ui/icons.ts";
import { EmptyState, ErrorState, Skeleton } from "../ui/states.tsx";

/** Served by the engine for every storefront; the preview is the very same module. */
const cardModule = "/widgets/trust-card.js";
const cardTag = "probity-trust-card";

export interface CardPanelProps {
  readonly marketplace: string;
  readonly id: string;
}

/** What shoppers see, drawn by what draws it for them. */
export function CardPanel({ marketplace, id }: CardPanelProps): ReactNode {
  const { t, locale } = useVoice();
  const theme = useTheme();
  const card = useQuery(cardQuery(marketplace, id));
  useEffect(() => {
    if (card.isSuccess) void import(/* @vite-ignore */ cardModule).catch(() => undefined);
  }, [card.isSuccess]);
  if (card.isPending) return <Skeleton rows={4} />;
  if (card.isError) {
    return isNotFound(card.error) ? (
      <EmptyState title={t.subject.cardNone} />
    ) : (
      <ErrorState text={problemWords(card.error, t)} onRetry={() => void card.refetch()} />
    );
  }
  const embed = `<script type="module" src="${location.origin}${cardModule}"></script>\n<${cardTag} merchant="${id}" marketplace="${marketplace}"></${cardTag}>`;
  return (
    <div className="grid items-start gap-4 lg:grid-cols-[minmax(0,420px)_minmax(0,1fr)]">
      <Card id="card" title={t.subject.card} hint={t.subject.cardHint}>
        {createElement(cardTag, {
          merchant: id,
          marketplace,
          lang: locale,
          ...(theme === "system" ? {} : { theme }),
        })}
      </Card>
      <Card id="embed" title={t.subject.cardEmbed}>
        <CopyText text={embed} />
        <p className="mt-3">
          <a href={`/m/${encodeURIComponent(id)}`} target="_blank" rel="noreferrer" className={buttonLink()}>
            <ExternalLink size={15} aria-hidden />
            {t.subject.cardPage}
          </a>
        </p>
      </Card>
    </div>
  );
}
