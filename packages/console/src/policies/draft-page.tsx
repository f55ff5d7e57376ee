import type { Policy } from "@probity/contract";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { getRouteApi, Link, useBlocker } from "@tanstack/react-router";
import { type ReactNode, useState } from "react";
import { clientFor } from "../api/client.ts";
import { problemWords } from "../api/problem-words.ts";
import { policyQuery } from "../api/queries.ts";
import type { Messages } from "../messages/en.ts";
import { useVoice } from "../messages/messages.tsx";
import { PageHead } from "../shell/page-head.tsx";
import { Button } from "../ui/button.tsx";
import { Card } from "../ui/card.tsx";
import { TextField } from "../ui/field.tsx";
import { NumberField } from "../ui/number-field.tsx";
import { ScoreBar } from "../ui/score-bar.tsx";
import { ErrorState, Skeleton } from "../ui/states.tsx";
import { applyDraft, type Draft, dimensionPoints, draftOf, totalPoints, wrongGrades } from "./draft.ts";

const route = getRouteApi("/$marketplace/policies/$policy/draft");
const pointsMax = 1_000;

interface PartProps {
  readonly policy: Policy;
  readonly draft: Draft;
  readonly onChange: (draft: Draft) => void;
}

function Weights({ policy, draft, onChange }: PartProps): ReactNode {
  const { t, f } = useVoice();
  const most = Math.max(1, ...Object.values(draft.points).map((points) => points ?? 0));
  return (
    <>
      {policy.dimensions.map((dimension) => {
        const points = dimensionPoints(policy, draft, dimension.id);
        return (
          <Card
            key={dimension.id}
            id={`draft-${dimension.id}`}
            title={f.words(dimension.title)}
            aside={
              <span>
                <strong>{t.policies.points(points)}</strong>
                {points === dimension.points ? null : (
                  <span className="text-ink-3"> ({f.signed(points - dimension.points)})</span>
                )}
              </span>
            }
          >
            <ul>
              {policy.indicators
                .filter((indicator) => indicator.dimension === dimension.id)
                .map((indicator) => (
                  <li
                    key={indicator.id}
                    className="grid grid-cols-[minmax(0,1fr)_128px] items-center gap-x-4 border-t border-line py-1.5 first:border-t-0 first:pt-0 sm:grid-cols-[minmax(0,1fr)_minmax(60px,180px)_128px]"
                  >
                    <span>{f.words(indicator.title)}</span>
                    <span className="max-sm:hidden">
                      <ScoreBar value={draft.points[indicator.id] ?? 0} max={most} />
                    </span>
                    <NumberField
                      label={t.draft.pointsOf(f.words(indicator.title))}
                      hideLabel
                      value={draft.points[indicator.id] ?? null}
                      onChange={(value) => onChange({ ...draft, points: { ...draft.points, [indicator.id]: value } })}
                      min={0}
                      max={pointsMax}
                    />
                  </li>
                ))}
            </ul>
          </Card>
        );
      })}
    </>
  );
}

function Grades({ policy, draft, onChange }: PartProps): ReactNode {
  const { t } = useVoice();
  const wrong = wrongGrades(draft);
  return (
    <Card id="draft-grades" title={t.policies.grades} hint={t.draft.gradesHint}>
      <div className="grid grid-cols-2 gap-3">
        {policy.grades.map(({ grade }, place) => (
          <NumberField
            key={grade}
            label={grade}
            value={draft.grades[place] ?? null}
            error={wrong.includes(place) ? t.draft.gradeWrong : undefined}
            onChange={(value) =>
              onChange({ ...draft, grades: draft.grades.map((min, at) => (at === place ? value : min)) })
            }
            min={0}
            max={pointsMax}
          />
        ))}
      </div>
    </Card>
  );
}

interface SaveProps {
  readonly draft: Draft;
  readonly onChange: (draft: Draft) => void;
  readonly total: number;
  /** Why it cannot be saved yet. */
  readonly problem: string | undefined;
  readonly error: Error | null;
  readonly children: ReactNode;
}

function Save({ draft, onChange, total, problem, error, children }: SaveProps): ReactNode {
  const { t } = useVoice();
  const isWhole = total === pointsMax;
  return (
    <Card id="draft-save" title={t.draft.save}>
      <div className="flex flex-col gap-3">
        <TextField
          label={t.draft.titleEn}
          value={draft.titleEn}
          maxLength={200}
          onChange={(titleEn) => onChange({ ...draft, titleEn })}
        />
        <TextField
          label={t.draft.titleZh}
          value={draft.titleZh}
          maxLength={200}
          onChange={(titleZh) => onChange({ ...draft, titleZh })}
        />
        <p aria-live="polite" className={isWhole ? "text-ink-2" : "font-medium text-cinnabar"}>
          {t.draft.total(total)}
        </p>
        <ScoreBar value={total} max={pointsMax} low={!isWhole} />
        {problem === undefined ? null : <p className="text-cinnabar">{problem}</p>}
        {error === null ? null : (
          <p role="alert" className="text-cinnabar">
            {problemWords(error, t)}
          </p>
        )}
        <div className="flex gap-2">{children}</div>
      </div>
    </Card>
  );
}

/** Why a draft cannot be saved yet. */
function problemOf(policy: Policy, draft: Draft, t: Messages): string | undefined {
  const total = totalPoints(policy, draft);
  if (total !== pointsMax) return t.draft.totalWrong(total);
  if (wrongGrades(draft).length > 0) return t.draft.gradeWrong;
  return draft.titleEn.trim() === "" || draft.titleZh.trim() === "" ? t.draft.titleMissing : undefined;
}

/** Weights and thresholds of a policy, changed and saved as a draft: the policy itself stays as it is. */
function Editor({
  policy,
  marketplace,
  id,
}: {
  readonly policy: Policy;
  readonly marketplace: string;
  readonly id: string;
}): ReactNode {
  const { t, f } = useVoice();
  const navigate = route.useNavigate();
  const queries = useQueryClient();
  const [draft, setDraft] = useState(() => draftOf(policy));
  const total = totalPoints(policy, draft);
  const isChanged = JSON.stringify(draft) !== JSON.stringify(draftOf(policy));
  const save = useMutation({
    mutationFn: () => clientFor(marketplace).call("draftPolicy", { body: applyDraft(policy, draft) }),
    onSuccess: async (record) => {
      await queries.invalidateQueries({ queryKey: [marketplace, "policies"] });
      await navigate({
        to: "/$marketplace/policies/$policy/what-if",
        params: { marketplace, policy: record.policy },
        ignoreBlocker: true,
      });
    },
  });
  useBlocker({
    shouldBlockFn: () => isChanged && !save.isSuccess && !window.confirm(t.draft.leave),
    enableBeforeUnload: isChanged,
  });
  const problem = problemOf(policy, draft, t);
  return (
    <>
      <PageHead
        title={t.draft.title(f.words(policy.title))}
        lead={t.draft.lead}
        crumb={
          <Link
            to="/$marketplace/policies/$policy"
            params={{ marketplace, policy: id }}
            className="text-ink-3 no-underline hover:underline"
          >
            {f.words(policy.title)}
          </Link>
        }
      />
      <div className="grid grid-cols-1 items-start gap-4 lg:grid-cols-[minmax(0,1.9fr)_minmax(0,1fr)]">
        <div className="flex min-w-0 flex-col gap-4">
          <Weights policy={policy} draft={draft} onChange={setDraft} />
        </div>
        <div className="flex min-w-0 flex-col gap-4 lg:sticky lg:top-4">
          <Save draft={draft} onChange={setDraft} total={total} problem={problem} error={save.error}>
            <Button
              look="primary"
              busy={save.isPending}
              disabled={!isChanged || problem !== undefined}
              onClick={() => save.mutate()}
            >
              {t.draft.saveAndTry}
            </Button>
            <Button disabled={!isChanged} onClick={() => setDraft(draftOf(policy))}>
              {t.draft.reset}
            </Button>
          </Save>
          <Grades policy={policy} draft={draft} onChange={setDraft} />
        </div>
      </div>
    </>
  );
}

export function DraftPage(): ReactNode {
  const { marketplace, policy: id } = route.useParams();
  const { t } = useVoice();
  const answer = useQuery(policyQuery(marketplace, id));
  if (answer.isPending) return <Skeleton rows={10} />;
  if (answer.isError) return <ErrorState text={problemWords(answer.error, t)} onRetry={() => void answer.refetch()} />;
  return <Editor key={id} policy={answer.data.policy} marketplace={marketplace} id={id} />;
}
