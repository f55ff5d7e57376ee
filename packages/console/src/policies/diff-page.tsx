import type { Policy, PolicyRecord } from "@probity/contract";
import { useQuery } from "@tanstack/react-query";
import { getRouteApi, Link } from "@tanstack/react-router";
import { type ReactNode, Suspense } from "react";
import { isNotFound } from "../api/client.ts";
import { problemWords } from "../api/problem-words.ts";
import { metricsQuery, policiesQuery, policyQuery } from "../api/queries.ts";
import { useVoice } from "../messages/messages.tsx";
import { PageHead } from "../shell/page-head.tsx";
import { Button } from "../ui/button.tsx";
import { download } from "../ui/csv.ts";
import { ArrowDownToLine, Copy, Scale } from "../ui/icons.ts";
import { SelectField } from "../ui/select.tsx";
import { EmptyState, ErrorState, Skeleton } from "../ui/states.tsx";
import { notify } from "../ui/toast.tsx";
import { CurvesCard, GradesCard, WeightsCard } from "./diff-figures.tsx";
import { IndicatorsCard, RestCard } from "./diff-sentences.tsx";
import type { Compared } from "./diff-words.ts";
import { diffPolicies } from "./policy-diff.ts";
import { usePolicyWords } from "./policy-page-words.ts";

const route = getRouteApi("/$marketplace/policies/$policy/diff");

/** What a policy is compared with where nothing was chosen: the one in force, else the newest other. */
function standardOf(record: PolicyRecord, records: readonly PolicyRecord[]): PolicyRecord | undefined {
  const others = records
    .filter(({ subject, policy }) => subject === record.subject && policy !== record.policy)
    .sort((one, other) => Date.parse(other.createdAt) - Date.parse(one.createdAt));
  return others.find(({ state }) => state === "in-force") ?? others[0];
}

interface ChoiceProps {
  readonly records: readonly PolicyRecord[];
  readonly was: string;
  readonly is: string;
}

/** Which two are compared, and the other way round. */
function Choice({ records, was, is }: ChoiceProps): ReactNode {
  const { marketplace } = route.useParams();
  const navigate = route.useNavigate();
  const { t, f } = useVoice();
  const { diff: words } = usePolicyWords();
  const go = (policy: string, other: string): void =>
    void navigate({
      to: "/$marketplace/policies/$policy/diff",
      params: { marketplace, policy },
      search: { with: other },
    });
  const optionsBut = (left: string): { value: string; label: string }[] =>
    records
      .filter(({ policy }) => policy !== left)
      .map(({ policy, title, state, createdAt }) => ({
        value: policy,
        label: words.option(f.words(title), t.policies.states[state], f.moment(createdAt), policy.slice(0, 8)),
      }));
  return (
    <div className="mb-4 grid grid-cols-1 items-end gap-3 md:grid-cols-[minmax(0,1fr)_auto_minmax(0,1fr)]">
      <SelectField label={words.was} value={was} options={optionsBut(is)} onChange={(next) => go(is, next)} />
      <Button onClick={() => go(was, is)}>{words.swap}</Button>
      <SelectField label={words.is} value={is} options={optionsBut(was)} onChange={(next) => go(next, was)} />
    </div>
  );
}

interface SidesProps {
  readonly was: Policy;
  readonly is: Policy;
  readonly ids: readonly [was: string, is: string];
}

/** Both to be taken elsewhere, with what differs. */
function Takeaway({ was, is, ids }: SidesProps): ReactNode {
  const { diff: words } = usePolicyWords();
  const text = (): string =>
    JSON.stringify(
      { was: { policy: ids[0], data: was }, is: { policy: ids[1], data: is }, changes: diffPolicies(was, is) },
      undefined,
      2,
    );
  const copy = async (): Promise<void> => {
    try {
      await navigator.clipboard.writeText(text());
      notify({ title: words.copied });
    } catch {
      notify({ title: words.copyFailed, look: "bad" });
    }
  };
  return (
    <div className="flex flex-wrap gap-2">
      <Button icon={Copy} onClick={() => void copy()}>
        {words.copy}
      </Button>
      <Button
        icon={ArrowDownToLine}
        onClick={() => {
          const name = ids.map((id) => id.slice(0, 12)).join("-");
          download(`policies-${name}.json`, "application/json", text());
        }}
      >
        {words.download}
      </Button>
    </div>
  );
}

function Differences({ was, is, ids }: SidesProps): ReactNode {
  const voice = useVoice();
  const { t } = voice;
  const { diff: words } = usePolicyWords();
  const metrics = useQuery(metricsQuery);
  if (metrics.isPending) return <Skeleton rows={8} rowPx={64} />;
  if (metrics.isError)
    return <ErrorState text={problemWords(metrics.error, t)} onRetry={() => void metrics.refetch()} />;
  const changes = diffPolicies(was, is);
  if (changes.length === 0) return <EmptyState icon={Scale} title={words.noneTitle} text={words.none} />;
  const compared: Compared = { was, is, metrics: metrics.data.items, voice, words };
  return (
    <>
      <div className="mb-4 flex flex-wrap items-center justify-between gap-3">
        <p role="status" className="font-semibold">
          {words.count(changes.length)}
        </p>
        <Takeaway was={was} is={is} ids={ids} />
      </div>
      <div className="grid grid-cols-1 items-start gap-4 lg:grid-cols-[minmax(0,1.4fr)_minmax(0,1fr)]">
        <div className="flex min-w-0 flex-col gap-4">
          <WeightsCard was={was} is={is} />
          <CurvesCard was={was} is={is} changes={changes} />
        </div>
        <div className="flex min-w-0 flex-col gap-4">
          <GradesCard was={was} is={is} changes={changes} />
          <IndicatorsCard changes={changes} compared={compared} />
          <RestCard changes={changes} compared={compared} />
        </div>
      </div>
    </>
  );
}

interface BodyProps {
  readonly record: PolicyRecord;
  readonly policy: Policy;
  readonly records: readonly PolicyRecord[];
}

function Comparison({ record, policy, records }: BodyProps): ReactNode {
  const { marketplace, policy: id } = route.useParams();
  const search = route.useSearch();
  const { t } = useVoice();
  const { diff: words } = usePolicyWords();
  const other = search.with ?? standardOf(record, records)?.policy;
  const answer = useQuery({ ...policyQuery(marketplace, other ?? id), enabled: other !== undefined });
  if (other === undefined) return <EmptyState icon={Scale} title={words.aloneTitle} text={words.alone} />;
  const sameKind = records.filter(({ subject }) => subject === record.subject);
  return (
    <>
      <Choice records={sameKind} was={other} is={id} />
      {answer.isPending ? (
        <>
          <p role="status" className="mb-3 text-ink-2">
            {words.running}
          </p>
          <Skeleton rows={8} rowPx={64} />
        </>
      ) : answer.isError ? (
        <ErrorState
          text={isNotFound(answer.error) ? t.policies.notFoundTitle : problemWords(answer.error, t)}
          onRetry={() => void answer.refetch()}
        />
      ) : (
        <Differences was={answer.data.policy} is={policy} ids={[other, id]} />
      )}
    </>
  );
}

function DiffBody(): ReactNode {
  const { marketplace, policy: id } = route.useParams();
  const { t, f } = useVoice();
  const { diff: words } = usePolicyWords();
  const policies = useQuery(policiesQuery(marketplace));
  const answer = useQuery(policyQuery(marketplace, id));
  const title = answer.data?.record.title;
  const error = answer.error ?? policies.error;
  return (
    <>
      <PageHead
        title={words.title}
        lead={words.lead}
        crumb={
          <Link
            to="/$marketplace/policies/$policy"
            params={{ marketplace, policy: id }}
            className="text-ink-3 no-underline hover:underline"
          >
            {title === undefined ? t.pages.policies : f.words(title)}
          </Link>
        }
      />
      {error !== null ? (
        <ErrorState
          text={isNotFound(error) ? t.policies.notFoundTitle : problemWords(error, t)}
          onRetry={() => void Promise.all([answer.refetch(), policies.refetch()])}
        />
      ) : answer.data === undefined || policies.data === undefined ? (
        <Skeleton rows={8} rowPx={64} />
      ) : (
        <Comparison record={answer.data.record} policy={answer.data.policy} records={policies.data.items} />
      )}
    </>
  );
}

/** Two policies side by side, in words. */
export function DiffPage(): ReactNode {
  return (
    <Suspense fallback={<Skeleton rows={8} rowPx={64} />}>
      <DiffBody />
    </Suspense>
  );
}
