import { ProbityError } from "@probity/sdk";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { isNotFound } from "../api/client.ts";
import { problemWords } from "../api/problem-words.ts";
import { useVoice } from "../messages/messages.tsx";
import { useCurrent } from "../session/current.tsx";
import { Button } from "../ui/button.tsx";
import { Chip } from "../ui/chip.tsx";
import { download } from "../ui/csv.ts";
import { ArrowDownToLine } from "../ui/icons.ts";
import { ErrorState, Skeleton } from "../ui/states.tsx";
import { CheckLimits, CheckList } from "./check-list.tsx";
import { EntryContent } from "./entry-content.tsx";
import { useLogWords } from "./log-words.ts";
import { entryCheckQuery, type EntryCheck } from "./proof-check.ts";

function EntryHead({ check, marketplace }: { readonly check: EntryCheck; readonly marketplace: string }): ReactNode {
  const { f } = useVoice();
  const { entry: words, check: checkWords } = useLogWords();
  const { receipt, entry, finding } = check;
  return (
    <header className="flex flex-wrap items-center gap-x-3 gap-y-2">
      <p className="me-auto flex min-w-0 flex-wrap items-center gap-x-3 gap-y-1">
        <strong className="tabular-nums">{f.count(receipt.seq)}</strong>
        {entry === undefined ? null : <code className="font-mono text-sm">{entry.type}</code>}
        {finding === undefined ? null : (
          <Chip look={finding.isRight ? "good" : "bad"}>{finding.isRight ? checkWords.right : checkWords.wrong}</Chip>
        )}
      </p>
      <Link to="/$marketplace/events/$seq" params={{ marketplace, seq: String(receipt.seq) }} className="link">
        {words.event}
      </Link>
      <Button
        small
        icon={ArrowDownToLine}
        onClick={() => download(receipt.fileName, "text/plain;charset=utf-8", receipt.receipt)}
      >
        {words.download}
      </Button>
    </header>
  );
}

/** One entry with its proof, checked by the browser. */
export function EntryPanel({ seq }: { readonly seq: number }): ReactNode {
  const { t } = useVoice();
  const words = useLogWords();
  const { marketplace } = useCurrent();
  const check = useQuery(entryCheckQuery(marketplace.slug, seq));
  if (check.data === undefined) {
    if (!check.isError) return <Skeleton rows={5} />;
    const isPending = check.error instanceof ProbityError && check.error.code === "log-state";
    if (isPending || isNotFound(check.error)) {
      return (
        <p role="status" className="text-ink-2">
          {isPending ? words.entry.pending : words.entry.missing}{" "}
          <Button small onClick={() => void check.refetch()}>
            {t.ui.retry}
          </Button>
        </p>
      );
    }
    return <ErrorState text={problemWords(check.error, t)} onRetry={() => void check.refetch()} />;
  }
  const { lack, finding, entry } = check.data;
  const checked = finding?.isRight === true ? finding.checked : undefined;
  return (
    <div className="flex flex-col gap-4">
      <EntryHead check={check.data} marketplace={marketplace.slug} />
      {finding === undefined ? (
        <p role="status" className="text-ink-2">
          {words.check.lack[lack]}
        </p>
      ) : (
        <div className="grid items-start gap-x-8 gap-y-5 lg:grid-cols-[minmax(0,1.3fr)_minmax(0,1fr)]">
          {entry === undefined || checked === undefined ? null : <EntryContent entry={entry} checked={checked} />}
          <section aria-label={words.check.title} className="flex min-w-0 flex-col gap-4">
            <CheckList
              finding={finding}
              held={
                finding.isRight
                  ? {
                      policy: finding.policy,
                      checkpoint: finding.checked.checkpoint,
                      index: finding.checked.index,
                      content: words.check.fields(finding.checked.fields.length),
                    }
                  : undefined
              }
            />
            <CheckLimits limits={["happened", "left", "server"]} receiptOf={marketplace.slug} />
          </section>
        </div>
      )}
    </div>
  );
}
