import type { Grade, PolicyRecord, SubjectSize, WhatIf } from "@probity/contract";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { getRouteApi, Link } from "@tanstack/react-router";
import { type ReactNode, Suspense, useState } from "react";
import { problemWords } from "../api/problem-words.ts";
import { clientFor } from "../api/client.ts";
import { policiesQuery, policyQuery, whatIfQuery } from "../api/queries.ts";
import { useVoice } from "../messages/messages.tsx";
import { MigrationTable } from "../ratings/migration-table.tsx";
import { gradeNames } from "../ratings/subjects-search.ts";
import { useCurrent } from "../session/current.tsx";
import { PageHead } from "../shell/page-head.tsx";
import { present } from "../shell/search-params.ts";
import { Button } from "../ui/button.tsx";
import { Card } from "../ui/card.tsx";
import { Chip, ChoiceChips } from "../ui/chip.tsx";
import { Dialog } from "../ui/dialog.tsx";
import { TextField } from "../ui/field.tsx";
import { ArrowRight } from "../ui/icons.ts";
import { Seal } from "../ui/seal.tsx";
import { ErrorState, Skeleton } from "../ui/states.tsx";
import { notify } from "../ui/toast.tsx";
import { usePolicyWords } from "./policy-page-words.ts";
import { stateLooks } from "./policy-words.ts";
import { partOf, shareOf, type WhatIfPart } from "./what-if-sizes.ts";
import { SizeChips, SizesCard } from "./what-if-sizes-card.tsx";
import { useOverviewWords } from "../overview/overview-words.ts";

const route = getRouteApi("/$marketplace/policies/$policy/what-if");

/** A grade as the what-if writes it; anything but a letter is 'too early'. */
const gradeOf = (text: string): Grade | null => gradeNames.find((grade) => grade === text) ?? null;

function movesOf(
  grades: readonly string[],
  { migration }: WhatIfPart,
): { from: Grade | null; to: Grade | null; subjects: number }[] {
  return migration.flatMap((row, from) =>
    row.flatMap((subjects, to) =>
      subjects === 0 ? [] : [{ from: gradeOf(grades[from] ?? ""), to: gradeOf(grades[to] ?? ""), subjects }],
    ),
  );
}

function Movers({ result, titles, marketplace, size }: ResultProps): ReactNode {
  const { f } = useVoice();
  const said = useOverviewWords();
  const { sizes, whatIf } = usePolicyWords();
  const { movers } = partOf(result, size);
  const plural = `${result.subject}s` as const;
  return (
    <Card id="what-if-movers" title={whatIf.movers} hint={whatIf.moversHint}>
      {movers.length === 0 ? (
        <p className="text-ink-2">{result.movers.length === 0 ? whatIf.moversNone : sizes.moversNone}</p>
      ) : null}
      <ul>
        {movers.map((item) => (
          <li
            key={item.id}
            className="grid grid-cols-[52px_minmax(0,1fr)_auto] items-start gap-x-3 border-t border-line py-2 first:border-t-0 first:pt-0"
          >
            <strong className={item.scoreAfter < item.scoreBefore ? "text-cinnabar" : "text-jade"}>
              {f.signed(item.scoreAfter - item.scoreBefore)}
            </strong>
            <div className="min-w-0">
              <Link
                to="/$marketplace/$plural/$id"
                params={{ marketplace, plural, id: item.id }}
                className="font-medium text-ink no-underline hover:underline"
              >
                <bdi>{item.name ?? item.id}</bdi>
              </Link>
              <p className="text-sm text-ink-2">
                {said.wentFrom(item.scoreBefore, item.scoreAfter)}
                {item.because === null
                  ? null
                  : ` · ${whatIf.because(titles.get(item.because.indicator) ?? item.because.indicator, f.signed(item.because.points))}`}
              </p>
            </div>
            <span className="flex items-center gap-1.5">
              <Seal grade={gradeOf(item.gradeBefore)} />
              <ArrowRight size={13} aria-hidden className="text-ink-3" />
              <Seal grade={gradeOf(item.gradeAfter)} />
            </span>
          </li>
        ))}
      </ul>
    </Card>
  );
}

interface ResultProps {
  readonly result: WhatIf;
  /** Words of the policy's indicators by id. */
  readonly titles: ReadonlyMap<string, string>;
  readonly marketplace: string;
  /** Whom to show; without it everybody. */
  readonly size: SubjectSize | undefined;
}

function Result({ result, titles, marketplace, size }: ResultProps): ReactNode {
  const { f } = useVoice();
  const said = useOverviewWords();
  const { sizes, whatIf } = usePolicyWords();
  const part = partOf(result, size);
  const { gmv } = part;
  const sum =
    size === undefined ? whatIf.sum(result.subjects, f.day(result.day)) : sizes.sum(sizes.names[size], part.subjects);
  return (
    <div className="grid grid-cols-1 items-start gap-4 lg:grid-cols-[minmax(0,1.2fr)_minmax(0,1fr)]">
      <div className="flex min-w-0 flex-col gap-4">
        <Card id="what-if-sum" title={sum}>
          {part.subjects === 0 ? (
            <p className="text-ink-2">{size === undefined ? sizes.nobody : sizes.none}</p>
          ) : (
            <>
              <p className="flex flex-wrap gap-2">
                <Chip look={part.up > 0 ? "good" : "plain"}>{said.up(part.up)}</Chip>
                <Chip look={part.down > 0 ? "bad" : "plain"}>{said.down(part.down)}</Chip>
              </p>
              <p className="mt-3 text-ink-2">
                {whatIf.sales(
                  f.percent(shareOf(gmv.up, gmv.total)),
                  f.percent(shareOf(gmv.down, gmv.total)),
                  result.gmv.windowDays,
                )}
              </p>
            </>
          )}
        </Card>
        {part.subjects === 0 ? null : (
          <Card id="what-if-migration" title={said.migration} hint={whatIf.migrationHint}>
            <MigrationTable moves={movesOf(result.grades, part)} labelledBy="what-if-migration-title" />
          </Card>
        )}
        <SizesCard result={result} />
      </div>
      <Movers result={result} titles={titles} marketplace={marketplace} size={size} />
    </div>
  );
}

/** Announces a policy that was tried out: it holds after the notice. */
function Publish({ record, marketplace }: { readonly record: PolicyRecord; readonly marketplace: string }): ReactNode {
  const { t, f } = useVoice();
  const { whatIf } = usePolicyWords();
  const queries = useQueryClient();
  const [isOpen, setOpen] = useState(false);
  const [notice, setNotice] = useState<"7" | "15">("7");
  const publish = useMutation({
    mutationFn: () =>
      clientFor(marketplace).call("publishPolicy", {
        params: { policy: record.policy },
        body: { noticeDays: notice === "7" ? 7 : 15 },
      }),
    onSuccess: async ({ effectiveDay }) => {
      setOpen(false);
      notify({ title: whatIf.published(effectiveDay === null ? "" : f.day(effectiveDay)) });
      await queries.invalidateQueries({ queryKey: [marketplace] });
    },
  });
  return (
    <>
      <Button look="primary" onClick={() => setOpen(true)}>
        {whatIf.publish}
      </Button>
      <Dialog
        open={isOpen}
        onOpenChange={setOpen}
        title={whatIf.publishTitle(f.words(record.title))}
        description={whatIf.publishText}
        actions={
          <Button look="primary" busy={publish.isPending} onClick={() => publish.mutate()}>
            {whatIf.publish}
          </Button>
        }
      >
        <ChoiceChips
          label={whatIf.notice}
          value={notice}
          options={(["7", "15"] as const).map((days) => ({ value: days, label: whatIf.noticeDays(Number(days)) }))}
          onChange={setNotice}
        />
        {publish.isError ? (
          <p role="alert" className="mt-3 text-cinnabar">
            {problemWords(publish.error, t)}
          </p>
        ) : null}
      </Dialog>
    </>
  );
}

interface HeadProps {
  readonly record: PolicyRecord | undefined;
  readonly result: WhatIf | undefined;
}

function Head({ record, result }: HeadProps): ReactNode {
  const { marketplace, policy: id } = route.useParams();
  const { on, size } = route.useSearch();
  const navigate = route.useNavigate();
  const { t, f } = useVoice();
  const { whatIf } = usePolicyWords();
  const { can } = useCurrent();
  // Trying a draft out is what lets it be announced.
  const mayPublish =
    can("policies:publish") && result !== undefined && (record?.state === "simulated" || record?.state === "draft");
  return (
    <PageHead
      title={whatIf.title(record === undefined ? "" : f.words(record.title))}
      lead={whatIf.lead}
      crumb={
        <Link
          to="/$marketplace/policies/$policy"
          params={{ marketplace, policy: id }}
          className="text-ink-3 no-underline hover:underline"
        >
          {record === undefined ? t.pages.policies : f.words(record.title)}
        </Link>
      }
      aside={
        <div className="flex flex-wrap items-end gap-3 max-sm:w-full">
          <Link
            to="/$marketplace/policies/$policy/diff"
            params={{ marketplace, policy: id }}
            search={result === undefined ? {} : { with: result.before }}
            className="link"
          >
            {t.policies.diff}
          </Link>
          {record === undefined ? null : <Chip look={stateLooks[record.state]}>{t.policies.states[record.state]}</Chip>}
          <div className="w-40">
            <TextField
              label={whatIf.on}
              type="date"
              value={on ?? result?.day ?? ""}
              onChange={(next) =>
                void navigate({ search: present({ size, on: next === "" ? undefined : next }), replace: true })
              }
            />
          </div>
          {mayPublish && record !== undefined ? <Publish record={record} marketplace={marketplace} /> : null}
        </div>
      }
    />
  );
}

function WhatIfBody(): ReactNode {
  const { marketplace, policy: id } = route.useParams();
  const { on, size } = route.useSearch();
  const navigate = route.useNavigate();
  const { t, f } = useVoice();
  const { whatIf } = usePolicyWords();
  const policies = useQuery(policiesQuery(marketplace));
  const record = policies.data?.items.find(({ policy }) => policy === id);
  const body = useQuery(policyQuery(marketplace, id));
  const result = useQuery(whatIfQuery(marketplace, id, on));
  const titles = new Map(body.data?.policy.indicators.map((item) => [item.id, f.words(item.title)]) ?? []);
  return (
    <>
      <Head record={record} result={result.data} />
      {result.isPending ? (
        <>
          <p role="status" className="mb-3 text-ink-2">
            {whatIf.running}
          </p>
          <Skeleton rows={8} />
        </>
      ) : result.isError ? (
        <ErrorState text={problemWords(result.error, t)} onRetry={() => void result.refetch()} />
      ) : (
        <>
          <SizeChips
            result={result.data}
            size={size}
            onChange={(next) => void navigate({ search: present({ on, size: next }), resetScroll: false })}
          />
          <Result result={result.data} titles={titles} marketplace={marketplace} size={size} />
        </>
      )}
    </>
  );
}

/** What a policy would change, before anybody feels it. */
export function WhatIfPage(): ReactNode {
  return (
    <Suspense fallback={<Skeleton rows={8} />}>
      <WhatIfBody />
    </Suspense>
  );
}
