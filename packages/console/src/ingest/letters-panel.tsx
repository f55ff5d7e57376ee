import type { DeadLetter } from "@probity/contract";
import { useInfiniteQuery } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import { type ReactNode, useCallback, useMemo, useState } from "react";
import { problemWords } from "../api/problem-words.ts";
import { lettersQuery } from "../api/queries.ts";
import { type ImportWords, useImportWords } from "../imports/import-words.ts";
import { reasonWords } from "../imports/reason-words.ts";
import { useVoice, type Voice } from "../messages/messages.tsx";
import { ChoiceChips } from "../ui/chip.tsx";
import { type Column, DataTable, type Sort } from "../ui/data-table.tsx";
import { Inbox } from "../ui/icons.ts";
import { EmptyState, ErrorState, Skeleton } from "../ui/states.tsx";
import { CorrectionPanel } from "./correction-panel.tsx";
import { letterStates } from "./ingest-search.ts";
import { type LetterWords, useLetterWords } from "./letter-words.ts";

const route = getRouteApi("/$marketplace/ingest");

type Open = (letter: DeadLetter) => void;

function letterColumns({ f }: Voice, said: LetterWords, why: ImportWords, open: Open): Column<DeadLetter>[] {
  const words = said.columns;
  return [
    {
      id: "message",
      title: words.message,
      width: 220,
      grows: true,
      inList: "title",
      value: ({ message }) => reasonWords(message, why),
      cell: (letter) => (
        <button
          type="button"
          onClick={() => open(letter)}
          className="truncate text-start hover:underline"
          title={reasonWords(letter.message, why)}
        >
          {reasonWords(letter.message, why)}
        </button>
      ),
    },
    { id: "code", title: words.code, width: 120, inList: "end", value: ({ code }) => said.codes[code] },
    { id: "path", title: words.path, width: 130, value: ({ path }) => path },
    {
      id: "received",
      title: words.received,
      width: 190,
      value: ({ receivedAt }) => receivedAt,
      cell: ({ receivedAt }) => f.moment(receivedAt),
    },
  ];
}

interface LettersProps {
  readonly rows: readonly DeadLetter[];
  readonly openId: string | undefined;
  readonly onShow: (id: string | undefined) => void;
  readonly onHide: (id: string, hidden: boolean) => void;
  readonly onEnd: () => void;
  readonly status: string | undefined;
}

/** The list, and beside it the one that is open. */
function Letters({ rows, openId, onShow, onHide, onEnd, status }: LettersProps): ReactNode {
  const voice = useVoice();
  const { t } = voice;
  const said = useLetterWords();
  const why = useImportWords();
  const [sort, setSort] = useState<Sort | undefined>(undefined);
  const columns = useMemo(
    () => letterColumns(voice, said, why, ({ deadLetter }) => onShow(deadLetter)),
    [voice, said, why, onShow],
  );
  const opened = rows.find(({ deadLetter }) => deadLetter === openId);
  return (
    <div className="grid items-start gap-4 xl:grid-cols-2">
      <DataTable
        id="dead-letters"
        label={t.pages.ingest}
        columns={columns}
        rows={rows}
        rowKey={({ deadLetter }) => deadLetter}
        sort={sort}
        onSort={setSort}
        onOpen={({ deadLetter }) => onShow(deadLetter)}
        selected={openId}
        onEnd={onEnd}
        height="max(320px, calc(100dvh - 330px))"
        status={status}
      />
      {opened === undefined ? (
        <EmptyState title={said.chooseTitle} text={said.choose} />
      ) : (
        <CorrectionPanel
          key={opened.deadLetter}
          letter={opened}
          onGone={() => onShow(undefined)}
          onHide={(hidden) => onHide(opened.deadLetter, hidden)}
        />
      )}
    </div>
  );
}

/** Refused events: which, why, and what to do about each. */
export function LettersPanel(): ReactNode {
  const { marketplace } = route.useParams();
  const { state = "open", letter: openId } = route.useSearch();
  const navigate = route.useNavigate();
  const { t } = useVoice();
  const said = useLetterWords();
  const letters = useInfiniteQuery(lettersQuery(marketplace, state));
  const [hidden, setHidden] = useState<ReadonlySet<string>>(new Set());
  const rows = useMemo(
    () => letters.data?.pages.flatMap(({ items }) => items).filter((one) => !hidden.has(one.deadLetter)) ?? [],
    [letters.data, hidden],
  );
  const show = useCallback(
    (id: string | undefined) =>
      void navigate({
        search: id === undefined ? { state } : { state, letter: id },
        replace: true,
        resetScroll: false,
      }),
    [navigate, state],
  );
  const { hasNextPage, isFetchingNextPage, fetchNextPage } = letters;
  const more = useCallback(() => {
    if (hasNextPage && !isFetchingNextPage) void fetchNextPage();
  }, [hasNextPage, isFetchingNextPage, fetchNextPage]);
  const hide = (id: string, hides: boolean): void =>
    setHidden((before) => new Set(hides ? [...before, id] : [...before].filter((one) => one !== id)));
  return (
    <>
      <p className="mb-3 max-w-prose text-ink-2">{said.lead}</p>
      <div className="mb-3">
        <ChoiceChips
          label={said.state}
          value={state}
          options={letterStates.map((value) => ({ value, label: said.states[value] }))}
          onChange={(next) => void navigate({ search: { state: next } })}
        />
      </div>
      {letters.isPending ? (
        <Skeleton rows={8} />
      ) : letters.data === undefined ? (
        <ErrorState text={problemWords(letters.error, t)} onRetry={() => void letters.refetch()} />
      ) : rows.length === 0 ? (
        <EmptyState icon={Inbox} title={said.emptyTitle[state]} text={said.empty[state]} />
      ) : (
        <Letters
          rows={rows}
          openId={openId}
          onShow={show}
          onHide={hide}
          onEnd={more}
          status={state === "open" ? said.waiting(rows.length, hasNextPage) : undefined}
        />
      )}
    </>
  );
}
