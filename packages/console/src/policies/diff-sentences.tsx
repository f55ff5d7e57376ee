import type { ReactNode } from "react";
import { Card } from "../ui/card.tsx";
import { type Compared, type Sentence, sentencesOf } from "./diff-words.ts";
import type { PolicyChange } from "./policy-diff.ts";
import { usePolicyWords } from "./policy-page-words.ts";

interface CardProps {
  readonly changes: readonly PolicyChange[];
  readonly compared: Compared;
}

function Sentences({ sentences }: { readonly sentences: readonly Sentence[] }): ReactNode {
  const { diff: words } = usePolicyWords();
  return (
    <ul>
      {sentences.map(({ what, was, is }, place) => (
        <li key={`${place} ${what}`} className="border-t border-line py-2 first:border-t-0 first:pt-0">
          <span className="font-medium">{what}</span>
          {was === undefined ? (
            <span>{words.come(is ?? "")}</span>
          ) : is === undefined ? (
            <span className="text-ink-2">{words.gone(was)}</span>
          ) : (
            <>
              <span className="text-ink-3">{words.wasWords(was)}</span>
              <span>{words.isWords(is)}</span>
            </>
          )}
        </li>
      ))}
    </ul>
  );
}

// The target is told beside its curve.
const isOfIndicators = ({ kind }: PolicyChange): boolean =>
  (kind.startsWith("indicator") || kind.startsWith("dimension")) && kind !== "indicator-target";
const isOfRest = (change: PolicyChange): boolean => !isOfIndicators(change) && change.kind !== "indicator-target";

/** What counts and how: evidence, ageing, where one starts from. */
export function IndicatorsCard({ changes, compared }: CardProps): ReactNode {
  const { diff: words } = usePolicyWords();
  const sentences = changes.filter(isOfIndicators).flatMap((change) => sentencesOf(change, compared));
  if (sentences.length === 0) return null;
  return (
    <Card id="diff-indicators" title={words.indicators}>
      <Sentences sentences={sentences} />
    </Card>
  );
}

/** Titles, ageing, certainty, evidence needed, steadiness, comparison and red lines. */
export function RestCard({ changes, compared }: CardProps): ReactNode {
  const { diff: words } = usePolicyWords();
  const sentences = changes.filter(isOfRest).flatMap((change) => sentencesOf(change, compared));
  return (
    <Card id="diff-rest" title={words.rest}>
      {sentences.length === 0 ? <p className="text-ink-2">{words.restSame}</p> : <Sentences sentences={sentences} />}
    </Card>
  );
}
