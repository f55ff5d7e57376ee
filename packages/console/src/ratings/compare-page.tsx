import type { Explanation } from "@probity/contract";
import { useQueries, useQuery } from "@tanstack/react-query";
import { getRouteApi, Link } from "@tanstack/react-router";
import { type ReactNode, useMemo, useState } from "react";
import { isNotFound } from "../api/client.ts";
import { problemWords } from "../api/problem-words.ts";
import { explanationQuery, foundQuery } from "../api/queries.ts";
import { useVoice } from "../messages/messages.tsx";
import type { Plural } from "../shell/navigation.ts";
import { PageHead } from "../shell/page-head.tsx";
import { present } from "../shell/search-params.ts";
import { buttonLink, IconButton } from "../ui/button.tsx";
import { Card } from "../ui/card.tsx";
import { CheckboxField } from "../ui/checkbox-field.tsx";
import { Chip } from "../ui/chip.tsx";
import { TextField } from "../ui/field.tsx";
import { Check, X } from "../ui/icons.ts";
import { ScoreBar } from "../ui/score-bar.tsx";
import { Seal } from "../ui/seal.tsx";
import { EmptyState, ErrorState, Skeleton } from "../ui/states.tsx";
import type { CompareSearch } from "./compare-search.ts";
import { type Cell, type Line, linesOf } from "./comparison.ts";
import { kindOf } from "./kinds.ts";
import { useSubjectWords } from "./subject-words.ts";
import { picksMax } from "./subjects-search.ts";

const route = getRouteApi("/$marketplace/compare/$plural");

/** Least widths of the line's name and of one of the compared. */
const headPx = 104;
const columnPx = 172;

const nameOf = ({ rating }: Explanation): string => rating.name ?? rating.id;

function Figures({
  cell,
  isBest,
  isDimension,
}: {
  cell: Cell | null;
  isBest: boolean;
  isDimension: boolean;
}): ReactNode {
  const { f } = useVoice();
  const words = useSubjectWords();
  if (cell === null) return <span className="text-ink-3">–</span>;
  const { reason } = cell;
  const isUsual = reason !== undefined && reason.prior.share === 1_000_000;
  return (
    <div className="flex flex-col gap-1">
      <span className="flex flex-wrap items-baseline gap-x-2">
        {reason === undefined || isUsual ? null : (
          <strong className={isBest ? "text-jade" : "font-semibold"}>{f.percent(reason.mean)}</strong>
        )}
        <span className={isDimension ? "font-semibold" : "text-ink-2"}>
          {f.count(cell.points)}
          <span className="text-ink-3"> / {f.count(cell.max)}</span>
        </span>
        {isBest ? <Check size={14} className="text-jade" aria-label={words.best} /> : null}
      </span>
      <ScoreBar value={cell.points} max={cell.max} />
      {reason === undefined ? null : (
        <span className="text-xs text-ink-3">
          {isUsual ? words.usual : `${f.range(reason.low, reason.high)} · ${words.sample(reason.sample)}`}
        </span>
      )}
    </div>
  );
}

function LineRow({ line }: { readonly line: Line }): ReactNode {
  const { f } = useVoice();
  return (
    <tr className={line.isDimension ? "border-t border-line-strong bg-sunk" : "border-t border-line"}>
      <th
        scope="row"
        className={`sticky start-0 z-10 px-3 py-2 text-start align-top ${line.isDimension ? "bg-sunk font-semibold" : "bg-sheet ps-6 font-normal max-sm:ps-3"}`}
      >
        {f.words(line.title)}
      </th>
      {line.cells.map((cell, place) => (
        // oxlint-disable-next-line no-array-index-key -- a cell is its column
        <td key={place} className="px-3 py-2 align-top">
          <Figures cell={cell} isBest={line.best === place} isDimension={line.isDimension} />
        </td>
      ))}
    </tr>
  );
}

interface ColumnsProps {
  readonly compared: readonly Explanation[];
  readonly marketplace: string;
  readonly plural: Plural;
}

function HeadRow({
  compared,
  marketplace,
  plural,
  onRemove,
}: ColumnsProps & { onRemove: (id: string) => void }): ReactNode {
  const words = useSubjectWords();
  return (
    <tr className="bg-sunk">
      <th scope="col" className="sticky start-0 z-10 w-44 bg-sunk px-3 py-3 max-sm:w-26">
        <span className="sr-only">{words.indicator}</span>
      </th>
      {compared.map((one) => (
        <th key={one.rating.id} scope="col" className="px-3 py-3 text-start align-top font-normal">
          <div className="flex items-start gap-2">
            <Seal grade={one.rating.grade} />
            <Link
              to="/$marketplace/$plural/$id"
              params={{ marketplace, plural, id: one.rating.id }}
              className="line-clamp-2 min-w-0 flex-1 font-semibold text-ink no-underline hover:underline"
            >
              <bdi>{nameOf(one)}</bdi>
            </Link>
            <IconButton icon={X} label={words.remove(nameOf(one))} onClick={() => onRemove(one.rating.id)} />
          </div>
        </th>
      ))}
    </tr>
  );
}

const isHeld = ({ rating, caps }: Explanation): boolean => rating.status === "too-early" || caps.length > 0;

/** Lines above the dimensions: the whole, and what it rests on. */
function SumRows({ compared, kind }: { readonly compared: readonly Explanation[]; readonly kind: string }): ReactNode {
  const { t, f } = useVoice();
  const words = useSubjectWords();
  const held = ({ rating, caps }: Explanation): ReactNode => (
    <span className="flex flex-wrap gap-1.5">
      {rating.status === "too-early" ? <Chip look="warn">{t.ui.tooEarly}</Chip> : null}
      {caps.map((cap) => (
        <Chip key={cap.redLine} look="bad">
          {f.words(cap.title)}
        </Chip>
      ))}
    </span>
  );
  const rows: readonly (readonly [string, (one: Explanation) => ReactNode])[] = [
    [words.total, ({ rating }) => <strong className="text-lg">{f.count(rating.score)}</strong>],
    [words.notBelow, ({ rating }) => f.count(rating.bound)],
    [words.rank, ({ peers }) => (peers === null ? "–" : words.rankOf(peers.rank, peers.of))],
    [words.orders, ({ rating }) => f.count(rating.orders)],
    ...(kind === "merchant" ? [[words.buyers, ({ rating }: Explanation) => f.count(rating.buyers)] as const] : []),
    ...(compared.some(isHeld) ? [[words.standing, held] as const] : []),
  ];
  return rows.map(([title, shown]) => (
    <tr key={title} className="border-t border-line">
      <th scope="row" className="sticky start-0 z-10 bg-sheet px-3 py-2 text-start font-normal text-ink-2">
        {title}
      </th>
      {compared.map((one) => (
        <td key={one.rating.id} className="px-3 py-2">
          {shown(one)}
        </td>
      ))}
    </tr>
  ));
}

interface AddProps {
  readonly marketplace: string;
  readonly plural: Plural;
  readonly known: readonly string[];
  readonly onAdd: (id: string) => void;
}

/** Looks for one more by name or id. */
function Add({ marketplace, plural, known, onAdd }: AddProps): ReactNode {
  const words = useSubjectWords();
  const [query, setQuery] = useState("");
  const found = useQuery(foundQuery(marketplace, kindOf(plural), query));
  const items = query.trim() === "" ? [] : (found.data?.items ?? []).filter(({ id }) => !known.includes(id));
  return (
    <Card id="add" title={words.add}>
      <TextField
        label={words.addSearch}
        hideLabel
        type="search"
        value={query}
        onChange={setQuery}
        placeholder={words.addSearch}
      />
      <ul className="mt-2">
        {items.map(({ id, name, grade }) => (
          <li key={id} className="border-t border-line first:border-t-0">
            <button
              type="button"
              className="flex w-full items-center gap-3 rounded-control px-2 py-1.5 text-start hover:bg-sunk"
              onClick={() => {
                onAdd(id);
                setQuery("");
              }}
            >
              <Seal grade={grade} />
              <span className="min-w-0 flex-1 truncate">
                <bdi>{name ?? id}</bdi>
              </span>
              <span className="text-xs text-ink-3">{id}</span>
            </button>
          </li>
        ))}
      </ul>
      {query.trim() !== "" && found.isSuccess && items.length === 0 ? (
        <p className="mt-2 text-ink-2">{words.addNone}</p>
      ) : null}
    </Card>
  );
}

interface TableProps extends ColumnsProps {
  readonly differences: boolean;
  readonly onRemove: (id: string) => void;
}

function CompareTable({ compared, marketplace, plural, differences, onRemove }: TableProps): ReactNode {
  const words = useSubjectWords();
  // The answers are the same objects until one is read anew.
  // oxlint-disable-next-line exhaustive-deps -- one for each of the compared
  const lines = useMemo(() => linesOf(compared), compared);
  return (
    <div
      // oxlint-disable-next-line no-noninteractive-tabindex -- what scrolls must be reachable by keyboard
      tabIndex={0}
      role="region"
      aria-label={words.compareTitle[plural]}
      className="overflow-x-auto rounded-card border border-line bg-sheet shadow-sheet"
    >
      <table className="w-full table-fixed border-collapse" style={{ minWidth: headPx + compared.length * columnPx }}>
        <thead>
          <HeadRow compared={compared} marketplace={marketplace} plural={plural} onRemove={onRemove} />
        </thead>
        <tbody>
          <SumRows compared={compared} kind={kindOf(plural)} />
          {lines
            .filter((line) => !differences || line.differs)
            .map((line) => (
              <LineRow key={line.id} line={line} />
            ))}
        </tbody>
      </table>
    </div>
  );
}

function Nothing({ marketplace, plural }: { readonly marketplace: string; readonly plural: Plural }): ReactNode {
  const words = useSubjectWords();
  return (
    <EmptyState
      title={words.none}
      text={words.noneText}
      action={
        <Link to="/$marketplace/$plural" params={{ marketplace, plural }} className={buttonLink()}>
          {words.toList}
        </Link>
      }
    />
  );
}

interface HeadProps {
  readonly marketplace: string;
  readonly plural: Plural;
  readonly ids: readonly string[];
  readonly differences: boolean;
  readonly onDifferences: (checked: boolean) => void;
}

function CompareHead({ marketplace, plural, ids, differences, onDifferences }: HeadProps): ReactNode {
  const { t } = useVoice();
  const words = useSubjectWords();
  return (
    <PageHead
      title={words.compareTitle[plural]}
      lead={words.compareLead}
      crumb={
        <Link
          to="/$marketplace/$plural"
          params={{ marketplace, plural }}
          search={ids.length === 0 ? {} : { pick: ids }}
          className="text-ink-3 no-underline hover:underline"
        >
          {t.pages[plural]}
        </Link>
      }
      aside={<CheckboxField label={words.differences} checked={differences} onChange={onDifferences} />}
    />
  );
}

/** Up to four beside each other, line by line. */
export function ComparePage(): ReactNode {
  const { marketplace, plural } = route.useParams();
  const { ids = [], differences = false } = route.useSearch();
  const navigate = route.useNavigate();
  const { t } = useVoice();
  const words = useSubjectWords();
  const answers = useQueries({
    queries: ids.map((id) => explanationQuery(marketplace, kindOf(plural), id, undefined)),
  });
  const compared = answers.flatMap(({ data }) => (data === undefined ? [] : [data]));
  const change = (next: CompareSearch): void =>
    void navigate({ search: present({ ids, ...next }), replace: true, resetScroll: false });
  const set = (next: readonly string[]): void => change(next.length === 0 ? {} : { ids: next });
  const remove = (id: string): void => set(ids.filter((one) => one !== id));
  const place = { marketplace, plural };
  return (
    <>
      <CompareHead
        {...place}
        ids={ids}
        differences={differences}
        onDifferences={(checked) => change(checked ? { differences: true } : {})}
      />
      {answers.map(({ error }, at) =>
        error === null ? null : (
          <ErrorState
            key={ids[at]}
            text={isNotFound(error) ? words.missing(String(ids[at])) : problemWords(error, t)}
            onRetry={() => void answers[at]?.refetch()}
          />
        ),
      )}
      {ids.length === 0 ? (
        <Nothing {...place} />
      ) : answers.some(({ isPending }) => isPending) ? (
        <Skeleton rows={12} />
      ) : compared.length === 0 ? null : (
        <CompareTable key={ids.join("\n")} {...place} compared={compared} differences={differences} onRemove={remove} />
      )}
      {ids.length > 0 && ids.length < picksMax ? (
        <div className="mt-4 max-w-md">
          <Add {...place} known={ids} onAdd={(id) => set([...ids, id])} />
        </div>
      ) : null}
    </>
  );
}
