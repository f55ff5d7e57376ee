import type { LogStatus } from "@probity/contract";
import type { ReactNode } from "react";
import { useVoice } from "../messages/messages.tsx";
import { useLogWords } from "./log-words.ts";

interface FigureProps {
  readonly name: string;
  readonly figure: ReactNode;
  readonly children: ReactNode;
}

function Figure({ name, figure, children }: FigureProps): ReactNode {
  return (
    <div className="flex min-w-0 flex-col gap-0.5 bg-sheet px-4 py-3">
      <dt className="text-xs text-ink-3">{name}</dt>
      <dd className="text-lg font-semibold tabular-nums">{figure}</dd>
      <dd className="text-xs text-ink-2">{children}</dd>
    </div>
  );
}

/** From the ledger to what everybody can fetch, and who has vouched for it. */
export function LogFigures({ status }: { readonly status: LogStatus }): ReactNode {
  const { f } = useVoice();
  const words = useLogWords().figures;
  const { entries, integrated, published, quorum, witnesses } = status;
  const toCome = Math.max(0, entries - integrated);
  const behind = Math.max(0, entries - (published?.size ?? 0));
  const cosigned = witnesses.filter(({ cosignedAt }) => cosignedAt !== null).length;
  return (
    <dl className="grid grid-cols-2 gap-px overflow-hidden rounded-card border border-line bg-line shadow-sheet lg:grid-cols-4">
      <Figure name={words.entries} figure={f.count(entries)}>
        {words.entriesHint}
      </Figure>
      <Figure name={words.integrated} figure={f.count(integrated)}>
        {toCome === 0 ? words.integratedAll : words.integratedLess(toCome)}
      </Figure>
      <Figure name={words.published} figure={f.count(published?.size ?? 0)}>
        {published === null ? (
          words.none
        ) : behind === 0 ? (
          <span className="text-jade">{words.current}</span>
        ) : (
          words.behind(behind)
        )}
      </Figure>
      <Figure name={words.quorum} figure={quorum === "none" ? words.quorumNone : <bdi>{quorum}</bdi>}>
        {witnesses.length === 0 ? words.quorumNoneHint : words.cosigned(cosigned, witnesses.length)}
      </Figure>
    </dl>
  );
}
