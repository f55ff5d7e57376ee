import type { RatingSummary } from "@probity/contract";
import { ProbityError } from "@probity/sdk";
import { useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { problemWords } from "../api/problem-words.ts";
import { useVoice } from "../messages/messages.tsx";
import { gradeNames } from "../ratings/subjects-search.ts";
import { useCurrent } from "../session/current.tsx";
import { Card } from "../ui/card.tsx";
import { Chip } from "../ui/chip.tsx";
import { Seal } from "../ui/seal.tsx";
import { ErrorState, Skeleton } from "../ui/states.tsx";
import { AuditCommands } from "./audit-commands.tsx";
import { CheckLimits, CheckList } from "./check-list.tsx";
import { logQuery } from "./log-queries.ts";
import { serverOf } from "./log-server.ts";
import { useLogWords } from "./log-words.ts";
import { More } from "./more.tsx";
import { type RatingCheck, ratingCheckQuery } from "./proof-check.ts";

const dayMs = 86_400_000;

interface HeldProps {
  readonly check: RatingCheck & { readonly lack: undefined };
  readonly rating: RatingSummary;
}

/** The rating as the log publishes it, beside the one that the page shows. */
function Held({ check: { finding, proof }, rating }: HeldProps): ReactNode {
  const { f } = useVoice();
  const { rating: words, check: checkWords } = useLogWords();
  const checked = finding.isRight ? finding.checked : undefined;
  const isSame = checked?.score === rating.score && checked.grade === rating.grade;
  return (
    <>
      {checked === undefined ? null : (
        <p className="mb-2 flex flex-wrap items-center gap-x-3 gap-y-1.5">
          <Seal grade={gradeNames.find((grade) => grade === checked.grade) ?? null} />
          <span>{words.score(f.count(checked.score), f.count(checked.bound))}</span>
        </p>
      )}
      <p>
        <Chip look={finding.isRight ? "good" : "bad"}>
          {checked === undefined ? checkWords.wrong : words.checkedAt(checked.checkpoint.size)}
        </Chip>
      </p>
      {checked === undefined ? null : (
        <p className="mt-2 text-sm text-ink-2">
          {words.held(f.day(new Date(checked.day * dayMs).toISOString().slice(0, 10)), checked.logSize)}
          {" · "}
          {isSame ? words.same : words.differs}
        </p>
      )}
      <div className="mt-2">
        <More key={String(finding.isRight)} summary={words.details} isOpenFirst={!finding.isRight}>
          <div className="grid gap-5">
            <CheckList
              finding={finding}
              held={
                finding.isRight
                  ? {
                      policy: finding.policy,
                      checkpoint: finding.checked.checkpoint,
                      index: finding.checked.place,
                      content: checkWords.line(proof.index + 1, proof.lines, finding.checked.place),
                    }
                  : undefined
              }
            />
            <CheckLimits limits={["recomputed", "subject", "happened", "server"]} />
          </div>
        </More>
      </div>
    </>
  );
}

function Body({ rating }: { readonly rating: RatingSummary }): ReactNode {
  const { t } = useVoice();
  const words = useLogWords();
  const { marketplace, can } = useCurrent();
  const check = useQuery(ratingCheckQuery(marketplace.slug, rating.id));
  const log = useQuery({ ...logQuery(marketplace.slug), enabled: can("log:read"), refetchInterval: false });
  if (check.data === undefined) {
    if (!check.isError) return <Skeleton rows={2} />;
    const isNone =
      check.error instanceof ProbityError && (check.error.code === "log-state" || check.error.status === 404);
    return isNone ? (
      <p className="text-ink-2">{words.rating.none}</p>
    ) : (
      <ErrorState text={problemWords(check.error, t)} onRetry={() => void check.refetch()} />
    );
  }
  if (check.data.lack !== undefined) return <p className="text-ink-2">{words.check.lack[check.data.lack]}</p>;
  return (
    <>
      <Held check={check.data} rating={rating} />
      <div className="mt-2">
        <More summary={words.rating.commands}>
          <AuditCommands
            server={log.data === undefined ? location.origin : serverOf(log.data)}
            marketplace={marketplace.slug}
            isPublic={log.data?.audience !== "auditors"}
          />
        </More>
      </div>
    </>
  );
}

/** A merchant's rating, checked by the browser against the public log. */
export function RatingCheckCard({ rating }: { readonly rating: RatingSummary }): ReactNode {
  const words = useLogWords().rating;
  return (
    <Card id="rating-check" title={words.title} hint={words.hint}>
      <Body rating={rating} />
    </Card>
  );
}
