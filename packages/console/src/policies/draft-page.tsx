import type { Policy, PolicyRecord } from "@probity/contract";
import { useQuery } from "@tanstack/react-query";
import { getRouteApi, Link, useBlocker } from "@tanstack/react-router";
import { type ReactNode, Suspense, useState } from "react";
import { clientFor } from "../api/client.ts";
import { problemWords } from "../api/problem-words.ts";
import { policyQuery } from "../api/queries.ts";
import { useVoice } from "../messages/messages.tsx";
import { useCurrent } from "../session/current.tsx";
import { PageHead } from "../shell/page-head.tsx";
import { Button } from "../ui/button.tsx";
import { Card } from "../ui/card.tsx";
import { TextField } from "../ui/field.tsx";
import { Scale } from "../ui/icons.ts";
import { ScoreBar } from "../ui/score-bar.tsx";
import { EmptyState, ErrorState, Skeleton } from "../ui/states.tsx";
import { notify } from "../ui/toast.tsx";
import { type Draft, draftOf, totalPoints, wrongCurves, wrongGrades } from "./draft.ts";
import { type DraftDesk, useDraftDesk } from "./draft-desk.ts";
import { Grades, RedLines } from "./draft-rest.tsx";
import { type DraftSave, useDraftSave } from "./draft-save.ts";
import { Weights } from "./draft-weights.tsx";
import { MeanwhileDialog } from "./meanwhile-dialog.tsx";
import { type PolicyWords, usePolicyWords } from "./policy-page-words.ts";

const route = getRouteApi("/$marketplace/policies/$policy/draft");
const pointsMax = 1_000;

/** Why a draft cannot be saved yet. */
function problemOf(
  policy: Policy,
  draft: Draft,
  words: PolicyWords["draft"],
  wrong: (indicators: readonly Indicator[]) => string,
) {
  const total = totalPoints(policy, draft);
  if (total !== pointsMax) return words.totalWrong(total);
  const curves = wrongCurves(policy, draft);
  if (curves.length > 0) return wrong(curves);
  if (wrongGrades(draft).length > 0) return words.gradeWrong;
  return draft.titleEn.trim() === "" || draft.titleZh.trim() === "" ? words.titleMissing : undefined;
}

type Indicator = Policy["indicators"][number];

/** Steps back and forth, by button as by key, and what a step did, read out. */
function StepButtons({ desk, words }: { readonly desk: DraftDesk; readonly words: PolicyWords["editor"] }): ReactNode {
  const [said, setSaid] = useState("");
  const step = (act: (() => void) | undefined, done: string) => (): void => {
    act?.();
    setSaid(done);
  };
  return (
    <div className="flex gap-2">
      <Button small disabled={desk.undo === undefined} onClick={step(desk.undo, words.undone)}>
        {words.undo}
      </Button>
      <Button small disabled={desk.redo === undefined} onClick={step(desk.redo, words.redone)}>
        {words.redo}
      </Button>
      <span role="status" className="sr-only">
        {said}
      </span>
    </div>
  );
}

interface SaveCardProps {
  readonly policy: Policy;
  readonly desk: DraftDesk;
  readonly save: DraftSave["save"];
}

function SaveCard({ policy, desk, save }: SaveCardProps): ReactNode {
  const { t, f } = useVoice();
  const { editor, draft: words } = usePolicyWords();
  const { draft, isChanged, change } = desk;
  const total = totalPoints(policy, draft);
  const isWhole = total === pointsMax;
  const problem = problemOf(policy, draft, words, (wrong) =>
    editor.curveWrong(wrong.map(({ title }) => f.words(title)).join(", ")),
  );
  return (
    <Card id="draft-save" title={words.save} aside={<StepButtons desk={desk} words={editor} />}>
      <div className="flex flex-col gap-3">
        <TextField
          label={words.titleEn}
          value={draft.titleEn}
          maxLength={200}
          onChange={(titleEn) => change({ ...draft, titleEn }, "titleEn")}
        />
        <TextField
          label={words.titleZh}
          value={draft.titleZh}
          maxLength={200}
          onChange={(titleZh) => change({ ...draft, titleZh }, "titleZh")}
        />
        <p aria-live="polite" className={isWhole ? "text-ink-2" : "font-medium text-cinnabar"}>
          {words.total(total)}
        </p>
        <ScoreBar value={total} max={pointsMax} low={!isWhole} />
        {problem === undefined ? null : <p className="text-cinnabar">{problem}</p>}
        {save.isError ? (
          <p role="alert" className="text-cinnabar">
            {problemWords(save.error, t)}
          </p>
        ) : null}
        <div className="flex flex-wrap gap-2">
          <Button
            look="primary"
            busy={save.isPending}
            disabled={!isChanged || problem !== undefined}
            onClick={() => save.mutate({ look: true })}
          >
            {words.saveAndTry}
          </Button>
          <Button disabled={!isChanged} onClick={() => change(draftOf(policy), "")}>
            {words.reset}
          </Button>
        </div>
      </div>
    </Card>
  );
}

/** Says that unsaved changes came back, and lets go of them. */
function RestoredNote({ policy, desk }: { readonly policy: Policy; readonly desk: DraftDesk }): ReactNode {
  const { t, locale } = useVoice();
  const { editor } = usePolicyWords();
  const { restoredAtMs, draft, change } = desk;
  if (restoredAtMs === undefined) return null;
  const isToday = new Date(restoredAtMs).toDateString() === new Date().toDateString();
  const time = new Intl.DateTimeFormat(locale === "en" ? "en-GB" : locale, {
    timeStyle: "short",
    ...(isToday ? {} : { dateStyle: "medium" }),
  }).format(restoredAtMs);
  return (
    <div className="mb-4 flex flex-wrap items-center gap-x-4 gap-y-2 rounded-card border border-line bg-sky-soft px-4 py-2 text-sky">
      <p role="status" className="min-w-0 flex-1">
        {editor.restored(time)}
      </p>
      <Button
        small
        onClick={() => {
          change(draftOf(policy), "");
          notify({ title: editor.discarded, undo: { label: t.ui.undo, act: () => change(draft, "") } });
        }}
      >
        {editor.discard}
      </Button>
    </div>
  );
}

interface EditorProps {
  readonly policy: Policy;
  /** Policies that were there when the editor was opened. */
  readonly there: readonly string[];
}

/** Weights, curves and thresholds of a policy, changed and saved as a draft: the policy itself stays as it is. */
function Editor({ policy, there }: EditorProps): ReactNode {
  const { marketplace, policy: id } = route.useParams();
  const { t, f } = useVoice();
  const { editor, draft: words } = usePolicyWords();
  const { session } = useCurrent();
  const desk = useDraftDesk(policy, { marketplace, policy: id, person: session.person?.id ?? "" }, there);
  const saving = useDraftSave(policy, desk);
  const isUnsaved = desk.isChanged && !saving.save.data;
  useBlocker({
    shouldBlockFn: ({ current, next }) => {
      if (isUnsaved && current.pathname !== next.pathname) notify({ title: editor.keptForLater });
      return false;
    },
    enableBeforeUnload: isUnsaved,
  });
  const parts = { policy, draft: desk.draft, onChange: desk.change };
  return (
    <>
      <PageHead
        title={words.title(f.words(policy.title))}
        lead={words.lead}
        crumb={
          <Link
            to="/$marketplace/policies/$policy"
            params={{ marketplace, policy: id }}
            className="text-ink-3 no-underline hover:underline"
          >
            {f.words(policy.title)}
          </Link>
        }
        aside={
          <Link to="/$marketplace/policies/$policy/diff" params={{ marketplace, policy: id }} className="link">
            {t.policies.diff}
          </Link>
        }
      />
      <RestoredNote policy={policy} desk={desk} />
      <div className="grid grid-cols-1 items-start gap-4 lg:grid-cols-[minmax(0,1.9fr)_minmax(0,1fr)]">
        <div className="flex min-w-0 flex-col gap-4">
          <Weights {...parts} />
          <RedLines {...parts} />
        </div>
        <div className="flex min-w-0 flex-col gap-4 lg:sticky lg:top-4">
          <SaveCard policy={policy} desk={desk} save={saving.save} />
          <Grades {...parts} />
        </div>
      </div>
      <MeanwhileDialog {...saving} />
    </>
  );
}

/** What is there when the editor opens, asked anew each time: what comes later is somebody else's. */
const openingQuery = (marketplace: string, id: string) => ({
  queryKey: [marketplace, "draft-opening", id],
  queryFn: (): Promise<{ readonly items: readonly PolicyRecord[] }> => clientFor(marketplace).call("listPolicies"),
  gcTime: 0,
  staleTime: Number.POSITIVE_INFINITY,
});

function DraftBody(): ReactNode {
  const { marketplace, policy: id } = route.useParams();
  const { t } = useVoice();
  const { can } = useCurrent();
  const { editor } = usePolicyWords();
  const answer = useQuery(policyQuery(marketplace, id));
  const opening = useQuery(openingQuery(marketplace, id));
  if (!can("policies:write")) {
    return (
      <EmptyState
        whole
        icon={Scale}
        title={t.policies.change}
        text={editor.readOnly}
        action={
          <Link to="/$marketplace/policies/$policy" params={{ marketplace, policy: id }} className="link">
            {editor.toPolicy}
          </Link>
        }
      />
    );
  }
  if (answer.isPending || opening.isPending) return <Skeleton rows={10} />;
  if (answer.isError || opening.isError) {
    return (
      <ErrorState
        text={problemWords(answer.error ?? opening.error, t)}
        onRetry={() => void Promise.all([answer.refetch(), opening.refetch()])}
      />
    );
  }
  return <Editor key={id} policy={answer.data.policy} there={opening.data.items.map(({ policy }) => policy)} />;
}

export function DraftPage(): ReactNode {
  return (
    <Suspense fallback={<Skeleton rows={10} />}>
      <DraftBody />
    </Suspense>
  );
}
