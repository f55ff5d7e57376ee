import type { EndpointAnswer, ModelSummary } from "@probity/contract";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { getRouteApi, Link } from "@tanstack/react-router";
import { type ReactNode, useMemo, useState } from "react";
import { clientFor } from "../api/client.ts";
import { problemWords } from "../api/problem-words.ts";
import { useVoice, type Voice } from "../messages/messages.tsx";
import { useCurrent } from "../session/current.tsx";
import { FormProblem } from "../session/form-problem.tsx";
import { Button, buttonLink } from "../ui/button.tsx";
import { Card } from "../ui/card.tsx";
import { Chip } from "../ui/chip.tsx";
import { type Column, DataTable, type Sort } from "../ui/data-table.tsx";
import { EmptyState, ErrorState, Skeleton } from "../ui/states.tsx";
import { notify } from "../ui/toast.tsx";
import { AreaHead } from "./area-head.tsx";
import { modelsQuery } from "./authenticity-queries.ts";
import { modelLooks, shortModel } from "./model-looks.ts";
import { type ModelWords, useModelWords } from "./model-words.ts";

const route = getRouteApi("/$marketplace/authenticity/models");

/** Fewer labels teach nothing that holds; the server asks as many of one kind, and some of either verdict. */
const labelsMin = 40;

function modelColumns({ f }: Voice, words: ModelWords, marketplace: string): Column<ModelSummary>[] {
  const titles = words.columns;
  return [
    {
      id: "model",
      title: titles.model,
      width: 150,
      grows: true,
      inList: "title",
      value: ({ model }) => model,
      cell: ({ model }) => (
        <Link
          to="/$marketplace/authenticity/models/$model"
          params={{ marketplace, model }}
          className="font-mono text-xs text-ink no-underline hover:underline"
        >
          {shortModel(model)}
        </Link>
      ),
    },
    {
      id: "state",
      title: titles.state,
      width: 120,
      inList: "end",
      value: ({ state }) => words.states[state],
      cell: ({ state }) => <Chip look={modelLooks[state]}>{words.states[state]}</Chip>,
    },
    { id: "origin", title: titles.origin, width: 170, value: ({ origin }) => words.origins[origin] },
    {
      id: "labels",
      title: titles.labels,
      width: 90,
      end: true,
      value: ({ labels }) => labels,
      cell: ({ labels }) => f.count(labels),
    },
    {
      id: "trained",
      title: titles.trained,
      width: 180,
      value: ({ trainedAt }) => trainedAt,
      cell: ({ trainedAt }) => f.moment(trainedAt),
    },
    {
      id: "promoted",
      title: titles.promoted,
      width: 180,
      value: ({ promotedAt }) => promotedAt,
      cell: ({ promotedAt }) => (promotedAt === null ? words.never : f.moment(promotedAt)),
    },
    { id: "passed", title: titles.passed, width: 110, value: ({ passed }) => (passed ? words.passed : words.failed) },
  ];
}

interface TrainProps {
  readonly marketplace: string;
  readonly models: EndpointAnswer<"listModels">;
}

/** What a training would learn from, one that runs, and why the last one failed. */
function TrainCard({ marketplace, models }: TrainProps): ReactNode {
  const words = useModelWords();
  const { can } = useCurrent();
  const queries = useQueryClient();
  const train = useMutation({
    mutationFn: () => clientFor(marketplace).call("trainModel", { body: {} }),
    onSuccess: () => notify({ title: words.trainBegun }),
    onSettled: () => queries.invalidateQueries({ queryKey: [marketplace, "models"] }),
  });
  const { training, labels, failure } = models;
  const tooFew = labels < labelsMin;
  return (
    <Card id="train" title={words.train}>
      <div className="flex flex-col gap-3">
        {training ? (
          <p role="status" className="rounded-control bg-sky-soft px-3 py-2 text-sky">
            {words.training}
          </p>
        ) : (
          <p className="text-ink-2">{tooFew ? words.trainTooFew(labels, labelsMin) : words.trainHint(labels)}</p>
        )}
        {failure === null || training ? null : (
          <p className="rounded-control border border-cinnabar-line bg-cinnabar-soft px-3 py-2 text-sm text-cinnabar">
            <strong className="block">{words.failure}</strong>
            {failure}
          </p>
        )}
        <FormProblem error={train.error} />
        <div className="flex flex-wrap gap-2">
          {can("authenticity:models") ? (
            <Button look="primary" disabled={tooFew || training} busy={train.isPending} onClick={() => train.mutate()}>
              {words.train}
            </Button>
          ) : (
            <p className="text-sm text-ink-2">{words.trainNoRight}</p>
          )}
          <Link
            to="/$marketplace/authenticity"
            params={{ marketplace }}
            search={{ order: "uncertain" }}
            className={buttonLink()}
          >
            {words.toQueue}
          </Link>
        </div>
      </div>
    </Card>
  );
}

function ModelList({ marketplace, models }: TrainProps): ReactNode {
  const navigate = route.useNavigate();
  const voice = useVoice();
  const words = useModelWords();
  const [sort, setSort] = useState<Sort | undefined>(undefined);
  const columns = useMemo(() => modelColumns(voice, words, marketplace), [voice, words, marketplace]);
  if (models.items.length === 0) return <EmptyState title={words.empty} />;
  return (
    <DataTable
      id="models"
      label={words.list}
      columns={columns}
      rows={models.items}
      rowKey={({ model }) => model}
      sort={sort}
      onSort={setSort}
      onOpen={({ model }) =>
        void navigate({ to: "/$marketplace/authenticity/models/$model", params: { marketplace, model } })
      }
    />
  );
}

/** Models that judge, which one is in force, and how another comes about. */
export function ModelsPage(): ReactNode {
  const { marketplace } = route.useParams();
  const words = useModelWords();
  const { t } = useVoice();
  const models = useQuery(modelsQuery(marketplace));
  return (
    <>
      <AreaHead part="models" lead={words.lead} />
      {models.data === undefined ? (
        models.isError ? (
          <ErrorState text={problemWords(models.error, t)} onRetry={() => void models.refetch()} />
        ) : (
          <Skeleton rows={8} />
        )
      ) : (
        <div className="flex min-w-0 flex-col gap-4">
          <TrainCard marketplace={marketplace} models={models.data} />
          <ModelList marketplace={marketplace} models={models.data} />
        </div>
      )}
    </>
  );
}
