import type { AssessedItem, ModeratorDecision } from "@probity/contract";
import { getRouteApi, Link } from "@tanstack/react-router";
import { lazy, type ReactNode, Suspense, useCallback, useState, useSyncExternalStore } from "react";
import { problemWords } from "../api/problem-words.ts";
import { useVoice } from "../messages/messages.tsx";
import { useCurrent } from "../session/current.tsx";
import { present } from "../shell/search-params.ts";
import { Button } from "../ui/button.tsx";
import { Check } from "../ui/icons.ts";
import { patiently } from "../ui/patient-load.ts";
import { EmptyState, ErrorState, Skeleton } from "../ui/states.tsx";
import { AreaHead } from "./area-head.tsx";
import { type AuthenticityWords, useAuthenticityWords } from "./authenticity-words.ts";
import { DecideBar, useNote } from "./decide-bar.tsx";
import { DeskList } from "./desk-list.tsx";
import { DossierPanel } from "./dossier.tsx";
import { ItemLine } from "./item-line.tsx";
import { type QueueChange, QueueFilters } from "./queue-filters.tsx";
import { filterOf, itemKey, type QueueSearch } from "./queue-search.ts";
import { useDesk } from "./use-desk.ts";

const BulkDialog = lazy(async () => ({ default: (await patiently(() => import("./bulk-dialog.tsx"))).BulkDialog }));

const route = getRouteApi("/$marketplace/authenticity");

/** So wide that list and evidence stand beside each other. */
const wide = "(min-width: 1024px)";

function subscribeWide(changed: () => void): () => void {
  const query = matchMedia(wide);
  query.addEventListener("change", changed);
  return () => query.removeEventListener("change", changed);
}

const useWide = (): boolean => useSyncExternalStore(subscribeWide, () => matchMedia(wide).matches);

type Desk = ReturnType<typeof useDesk>;

/** The filters in words, as they stand above a decision on all that match. */
export function filterWordsOf(search: QueueSearch, words: AuthenticityWords): readonly string[] {
  const { kind, reason, level, merchant, user, ring, appealed } = search;
  return [
    kind === undefined ? undefined : words.kinds[kind],
    reason === undefined ? undefined : words.reasons[reason].title,
    level === undefined ? undefined : `${words.queue.level} ${words.queue.levels[level]}`,
    merchant === undefined ? undefined : words.queue.chips.merchant(merchant),
    user === undefined ? undefined : words.queue.chips.user(user),
    ring === undefined ? undefined : words.queue.chips.ring(ring),
    appealed === undefined ? undefined : words.queue.onlyAppealed,
  ].filter((one) => one !== undefined);
}

interface ListPaneProps {
  readonly desk: Desk;
  readonly blind: boolean;
  readonly onOpen: (item: AssessedItem) => void;
}

function ListPane({ desk, blind, onOpen }: ListPaneProps): ReactNode {
  const words = useAuthenticityWords().queue;
  const { queue, rows, at, picked, focusTick, stand, pick } = desk;
  return (
    <div className="min-w-0">
      <div className="overflow-hidden rounded-card border border-line bg-sheet shadow-sheet max-sm:-mx-4 max-sm:rounded-none max-sm:border-x-0 lg:max-h-[calc(100dvh-16px)] lg:overflow-y-auto">
        <DeskList
          label={words.list}
          rows={rows}
          rowKey={itemKey}
          render={(item) => <ItemLine item={item} blind={blind} />}
          at={at}
          picked={picked}
          onAt={stand}
          onOpen={onOpen}
          onPick={pick}
          focusTick={focusTick}
        />
        {queue.hasNextPage ? (
          <div className="flex items-center justify-between gap-2 border-t border-line px-3 py-2 text-sm text-ink-2">
            {words.shown(rows.length)}
            <Button small busy={queue.isFetchingNextPage} onClick={() => void queue.fetchNextPage()}>
              {words.more}
            </Button>
          </div>
        ) : null}
      </div>
    </div>
  );
}

interface EvidencePaneProps {
  readonly marketplace: string;
  readonly desk: Desk;
  readonly blind: boolean;
  readonly note: string;
  readonly onNote: (note: string) => void;
  readonly mayDecide: boolean;
}

/** Evidence of where one stands, with the decisions above it. */
function EvidencePane({ marketplace, desk, blind, note, onNote, mayDecide }: EvidencePaneProps): ReactNode {
  const all = useAuthenticityWords();
  const words = all.queue;
  const { current } = desk;
  if (current === undefined) return <EmptyState title={words.chooseTitle} text={words.choose} />;
  const { kind, merchant, id } = current;
  return (
    <section aria-label={words.pane} className="min-w-0">
      <div className="sticky top-0 z-10 -mx-1 mb-3 flex flex-col gap-1.5 border-b border-line bg-paper px-1 pt-1 pb-2">
        {mayDecide ? (
          <DecideBar note={note} onNote={onNote} onDecide={desk.decide} disabled={desk.chosen.length > 0} withKeys />
        ) : (
          <p className="text-sm text-ink-2">{words.readOnly}</p>
        )}
        <p className="flex flex-wrap items-baseline justify-between gap-2 text-xs text-ink-3">
          <span>{mayDecide ? words.keysHint : null}</span>
          <Link
            to="/$marketplace/authenticity/$kind/$merchant/$id"
            params={{ marketplace, kind, merchant, id }}
            search={blind ? { second: true } : {}}
            className="link"
          >
            {all.dossier.own}
          </Link>
        </p>
      </div>
      <DossierPanel
        key={itemKey(current)}
        marketplace={marketplace}
        kind={kind}
        merchant={merchant}
        id={id}
        blind={blind}
      />
    </section>
  );
}

interface PickBarProps {
  readonly desk: Desk;
  readonly note: string;
  readonly onNote: (note: string) => void;
  readonly mayDecide: boolean;
}

/** What is chosen, to be decided together. */
function PickBar({ desk, note, onNote, mayDecide }: PickBarProps): ReactNode {
  const words = useAuthenticityWords();
  const { chosen, unpick, decide } = desk;
  if (chosen.length === 0 || !mayDecide) return null;
  const decideAll = (verdict: ModeratorDecision): void => decide(verdict);
  return (
    <div
      role="status"
      className="sticky bottom-3 z-20 mx-auto mt-3 flex w-fit max-w-full flex-wrap items-center gap-2 rounded-card border border-line-strong bg-sheet px-4 py-2 shadow-float"
    >
      <DecideBar note={note} onNote={onNote} onDecide={decideAll} lead={words.decide.together(chosen.length)} />
      <Button look="quiet" onClick={unpick}>
        {words.queue.unpick}
      </Button>
    </div>
  );
}

interface BodyProps {
  readonly marketplace: string;
  readonly search: QueueSearch;
  readonly desk: Desk;
  readonly note: string;
  readonly onNote: (note: string) => void;
  readonly onOpen: (item: AssessedItem) => void;
}

function QueueBody({ marketplace, search, desk, note, onNote, onOpen }: BodyProps): ReactNode {
  const words = useAuthenticityWords().queue;
  const { t } = useVoice();
  const { can } = useCurrent();
  const isWide = useWide();
  const { queue, rows } = desk;
  const blind = search.order === "second-look";
  const mayDecide = can("authenticity:decide");
  if (queue.isPending) return <Skeleton rows={10} rowPx={58} />;
  if (queue.data === undefined)
    return <ErrorState text={problemWords(queue.error, t)} onRetry={() => void queue.refetch()} />;
  if (rows.length === 0 && !queue.hasNextPage)
    return <EmptyState icon={Check} title={words.emptyTitle} text={words.empty} />;
  return (
    // oxlint-disable-next-line no-static-element-interactions, no-noninteractive-element-interactions, no-noninteractive-tabindex -- a press anywhere inside keeps the keys of the queue at hand
    <div
      tabIndex={-1}
      onKeyDown={desk.onKeyDown}
      className="grid items-start gap-4 outline-none lg:grid-cols-[minmax(0,5fr)_minmax(0,8fr)]"
    >
      <div className="min-w-0 lg:sticky lg:top-2">
        <ListPane desk={desk} blind={blind} onOpen={isWide ? () => undefined : onOpen} />
      </div>
      {isWide ? (
        <EvidencePane
          marketplace={marketplace}
          desk={desk}
          blind={blind}
          note={note}
          onNote={onNote}
          mayDecide={mayDecide}
        />
      ) : null}
    </div>
  );
}

interface OrderLineProps {
  readonly search: QueueSearch;
  readonly mayBulk: boolean;
  readonly onBulk: () => void;
}

/** What comes first and why, and the way to decide all that match. */
function OrderLine({ search, mayBulk, onBulk }: OrderLineProps): ReactNode {
  const words = useAuthenticityWords();
  const order = search.order ?? "effect";
  const isNarrowed = Object.keys(filterOf(search)).length > 0;
  const look =
    order === "second-look" ? "rounded-control bg-sky-soft px-3 py-2 text-sky" : "max-w-prose text-sm text-ink-2";
  return (
    <div className="mb-3 flex flex-wrap items-center justify-between gap-x-4 gap-y-2">
      <p className={look}>{words.queue.orderHints[order]}</p>
      {mayBulk ? (
        <span title={isNarrowed ? undefined : words.bulk.everything}>
          <Button disabled={!isNarrowed} onClick={onBulk}>
            {words.queue.bulk}
          </Button>
        </span>
      ) : null}
    </div>
  );
}

/** What waits for a decision, what comes first, and the evidence beside it. */
export function QueuePage(): ReactNode {
  const { marketplace } = route.useParams();
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const words = useAuthenticityWords();
  const { can } = useCurrent();
  const [note, setNote, takeNote] = useNote();
  const [bulkOpen, setBulkOpen] = useState(false);
  const change = useCallback(
    (next: QueueChange) =>
      void navigate({
        search: (before) => present({ ...before, item: undefined, ...next }) as QueueSearch,
        replace: true,
        resetScroll: false,
      }),
    [navigate],
  );
  const open = ({ kind, merchant, id }: AssessedItem): void =>
    void navigate({
      to: "/$marketplace/authenticity/$kind/$merchant/$id",
      params: { marketplace, kind, merchant, id },
      search: search.order === "second-look" ? { second: true } : {},
    });
  const mayDecide = can("authenticity:decide");
  const desk = useDesk({
    marketplace,
    search,
    mayDecide,
    onItem: (item) => change({ item }),
    onOpen: open,
    takeNote,
  });
  return (
    <>
      <AreaHead
        part="queue"
        lead={words.queue.lead}
        aside={
          desk.queue.data === undefined ? null : (
            <p className="font-semibold" aria-live="polite">
              {words.queue.waiting(desk.waiting)}
            </p>
          )
        }
      />
      <QueueFilters search={search} onChange={change} />
      <OrderLine
        search={search}
        mayBulk={mayDecide && search.order !== "second-look" && desk.rows.length > 0}
        onBulk={() => setBulkOpen(true)}
      />
      <QueueBody marketplace={marketplace} search={search} desk={desk} note={note} onNote={setNote} onOpen={open} />
      <PickBar desk={desk} note={note} onNote={setNote} mayDecide={mayDecide} />
      {bulkOpen ? (
        <Suspense>
          <BulkDialog
            marketplace={marketplace}
            filter={filterOf(search)}
            filterWords={filterWordsOf(search, words)}
            onClose={() => setBulkOpen(false)}
            onDone={() => setBulkOpen(false)}
          />
        </Suspense>
      ) : null}
    </>
  );
}
