import type { ModelReport, ModelSummary } from "@probity/contract";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { getRouteApi, Link } from "@tanstack/react-router";
import { type ReactNode, useState } from "react";
import { clientFor, isNotFound } from "../api/client.ts";
import { problemWords } from "../api/problem-words.ts";
import { useVoice } from "../messages/messages.tsx";
import { useCurrent } from "../session/current.tsx";
import { FormProblem } from "../session/form-problem.tsx";
import { PageHead } from "../shell/page-head.tsx";
import { present } from "../shell/search-params.ts";
import { Button, buttonLink } from "../ui/button.tsx";
import { Chip, ChoiceChips } from "../ui/chip.tsx";
import { Dialog } from "../ui/dialog.tsx";
import { EmptyState, ErrorState, Skeleton } from "../ui/states.tsx";
import { notify } from "../ui/toast.tsx";
import { modelQuery } from "./authenticity-queries.ts";
import { useAuthenticityWords } from "./authenticity-words.ts";
import { CurvesCard } from "./curves-card.tsx";
import {
  CalibrationCard,
  DataCard,
  DriftCard,
  FiguresCard,
  GroupsCard,
  SuiteCard,
  WeightsCard,
} from "./model-cards.tsx";
import { useModelWords } from "./model-words.ts";
import { modelLooks, shortModel } from "./model-looks.ts";
import type { ModelSearch } from "./queue-search.ts";

const route = getRouteApi("/$marketplace/authenticity/models/$model");

const isAgain = ({ state }: ModelSummary): boolean => state === "retired";

/** Why a model cannot be put in force; undefined if it can. */
function useBar(summary: ModelSummary): string | undefined {
  const { cannot } = useModelWords();
  const { can } = useCurrent();
  if (summary.state === "in-force" || summary.state === "rejected" || !summary.passed) return cannot[summary.state];
  return can("authenticity:models") ? undefined : cannot.right;
}

interface PromoteProps {
  readonly marketplace: string;
  readonly summary: ModelSummary;
}

/** Puts a model in force, after a word on what follows; also the way back to an earlier one. */
function Promote({ marketplace, summary }: PromoteProps): ReactNode {
  const words = useModelWords();
  const queries = useQueryClient();
  const [open, setOpen] = useState(false);
  const bar = useBar(summary);
  const short = shortModel(summary.model);
  const promote = useMutation({
    mutationFn: () => clientFor(marketplace).call("promoteModel", { params: { model: summary.model }, body: {} }),
    onSuccess: async () => {
      setOpen(false);
      notify({ title: words.promoted(short) });
      await queries.invalidateQueries({
        predicate: ({ queryKey }) => queryKey[0] === marketplace && /^models?$/.test(String(queryKey[1])),
      });
    },
  });
  const act = isAgain(summary) ? words.rollBack : words.promote;
  const close = (): void => {
    promote.reset();
    setOpen(false);
  };
  return (
    <div className="flex flex-col items-end gap-1 max-sm:items-start">
      <Button look="primary" disabled={bar !== undefined} onClick={() => setOpen(true)}>
        {act}
      </Button>
      {bar === undefined ? null : <p className="max-w-xs text-end text-xs text-ink-3 max-sm:text-start">{bar}</p>}
      <Dialog
        open={open}
        onOpenChange={(next) => (next ? undefined : close())}
        title={isAgain(summary) ? words.rollBackTitle(short) : words.promoteTitle(short)}
        description={words.promoteText}
        actions={
          <>
            <Button onClick={close}>{words.cancel}</Button>
            <Button look="primary" busy={promote.isPending} onClick={() => promote.mutate()}>
              {act}
            </Button>
          </>
        }
      >
        <FormProblem error={promote.error} />
      </Dialog>
    </div>
  );
}

interface ReportProps {
  readonly report: ModelReport;
  readonly search: ModelSearch;
  readonly onSearch: (change: { readonly [K in keyof ModelSearch]?: ModelSearch[K] | undefined }) => void;
}

const partName = ({ kind, stage }: Pick<ModelReport["parts"][number], "kind" | "stage">): string => `${kind}.${stage}`;

/** The whole of a model, then each of its parts. */
function Report({ report, search, onSearch }: ReportProps): ReactNode {
  const words = useModelWords();
  const { kinds } = useAuthenticityWords();
  const part = report.parts.find((one) => partName(one) === search.part) ?? report.parts[0];
  return (
    <>
      <div className="grid items-start gap-4 lg:grid-cols-2">
        <div className="flex min-w-0 flex-col gap-4">
          <SuiteCard suite={report.suite} />
          <DataCard report={report} />
        </div>
        <DriftCard drift={report.drift} />
      </div>
      {part === undefined ? null : (
        <section aria-labelledby="part-title" className="mt-6">
          <h2 id="part-title" className="sr-only">
            {words.part(kinds[part.kind], words.stages[part.stage])}
          </h2>
          <div className="mb-3">
            <ChoiceChips
              label={words.parts}
              value={partName(part)}
              options={report.parts.map((one) => ({
                value: partName(one),
                label: words.part(kinds[one.kind], words.stages[one.stage]),
              }))}
              onChange={(next) => onSearch({ part: next, curve: undefined })}
            />
          </div>
          <div className="grid items-start gap-4 lg:grid-cols-2">
            <div className="flex min-w-0 flex-col gap-4">
              <FiguresCard part={part} />
              <CalibrationCard part={part} />
              <GroupsCard part={part} />
            </div>
            <div className="flex min-w-0 flex-col gap-4">
              <WeightsCard part={part} />
              <CurvesCard
                curves={report.curves.filter(
                  ({ kind, stage }) => kind === part.kind && (part.stage === "batch" || stage === "live"),
                )}
                wanted={search.curve}
                onCurve={(curve) => onSearch({ curve })}
              />
            </div>
          </div>
        </section>
      )}
    </>
  );
}

/** A model with what it learned from, how it does, and the way to put it in force. */
export function ModelPage(): ReactNode {
  const { marketplace, model } = route.useParams();
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const words = useModelWords();
  const { t, f } = useVoice();
  const all = useAuthenticityWords();
  const report = useQuery(modelQuery(marketplace, model));
  const crumb = (
    <Link to="/$marketplace/authenticity/models" params={{ marketplace }} className="link">
      {all.parts.models}
    </Link>
  );
  if (report.isPending) return <Skeleton rows={10} rowPx={52} />;
  if (report.data === undefined) {
    return isNotFound(report.error) ? (
      <EmptyState
        whole
        title={words.notFoundTitle}
        text={words.notFound}
        action={
          <Link to="/$marketplace/authenticity/models" params={{ marketplace }} className={buttonLink()}>
            {all.parts.models}
          </Link>
        }
      />
    ) : (
      <ErrorState whole text={problemWords(report.error, t)} onRetry={() => void report.refetch()} />
    );
  }
  const { summary } = report.data;
  return (
    <>
      <PageHead
        title={words.title(shortModel(model))}
        crumb={crumb}
        aside={<Promote marketplace={marketplace} summary={summary} />}
      />
      <p className="mb-4 flex flex-wrap items-baseline gap-x-4 gap-y-1 text-sm text-ink-2">
        <Chip look={modelLooks[summary.state]}>{words.states[summary.state]}</Chip>
        <span>{words.origins[summary.origin]}</span>
        <span>
          {words.columns.trained} {f.moment(summary.trainedAt)}
        </span>
        {summary.promotedAt === null ? null : (
          <span>
            {words.columns.promoted} {f.moment(summary.promotedAt)}
          </span>
        )}
        <span className="font-mono text-xs break-all">{model}</span>
      </p>
      <Report
        report={report.data}
        search={search}
        onSearch={(change) =>
          void navigate({ search: (before) => present({ ...before, ...change }), replace: true, resetScroll: false })
        }
      />
    </>
  );
}
