import type { RingCase } from "@probity/contract";
import { Link } from "@tanstack/react-router";
import { lazy, type ReactNode, Suspense, useEffect, useMemo, useState } from "react";
import { useVoice } from "../messages/messages.tsx";
import { IconButton } from "../ui/button.tsx";
import { Card } from "../ui/card.tsx";
import { ChoiceChips } from "../ui/chip.tsx";
import { type Column, DataTable, type Sort } from "../ui/data-table.tsx";
import { Pause, Play } from "../ui/icons.ts";
import { patiently } from "../ui/patient-load.ts";
import { Skeleton } from "../ui/states.tsx";
import { Tabs } from "../ui/tabs.tsx";
import { type AuthenticityWords, useAuthenticityWords } from "./authenticity-words.ts";
import { shareOf } from "./item-line.tsx";
import { type ColourName, colourNames, type RingSearch, type RingView } from "./queue-search.ts";
import {
  dayText,
  graphOf,
  legendOf,
  looksOf,
  palette,
  type RingGraph,
  type RingNode,
  shownUntil,
} from "./ring-graph.ts";

const Network = lazy(async () => ({ default: (await patiently(() => import("../ui/network.tsx"))).Network }));

type RingChange = { readonly [K in keyof RingSearch]?: RingSearch[K] | undefined };

export interface RingExplorerProps {
  readonly ring: RingCase;
  readonly marketplace: string;
  readonly search: RingSearch;
  readonly onSearch: (change: RingChange) => void;
}

/** A step of the days while they play. */
const playMs = 260;

interface DaysProps {
  readonly graph: RingGraph;
  /** Place among the days. */
  readonly at: number;
  readonly shown: number;
  readonly onAt: (at: number) => void;
}

/** The days over which the ring grew: drawn by hand, by keys, or played. */
function Days({ graph, at, shown, onAt }: DaysProps): ReactNode {
  const words = useAuthenticityWords().rings;
  const { f } = useVoice();
  const [isPlaying, setPlaying] = useState(false);
  const last = graph.days.length - 1;
  useEffect(() => {
    if (!isPlaying) return;
    const timer = setTimeout(() => {
      if (at >= last) setPlaying(false);
      else onAt(at + 1);
    }, playMs);
    return () => clearTimeout(timer);
  }, [isPlaying, at, last, onAt]);
  if (last < 1) return null;
  const said = words.dayValue(f.day(dayText(graph.days[at] ?? 0)), shown);
  return (
    <div className="flex items-center gap-3">
      <IconButton
        icon={isPlaying ? Pause : Play}
        label={isPlaying ? words.pause : words.play}
        onClick={() => {
          if (!isPlaying && at >= last) onAt(0);
          setPlaying(!isPlaying);
        }}
      />
      <label className="flex min-w-0 flex-1 items-center gap-3 text-sm">
        <span className="text-ink-3">{words.day}</span>
        <input
          type="range"
          min={0}
          max={last}
          value={at}
          aria-valuetext={said}
          onChange={(event) => onAt(Number(event.target.value))}
          className="min-w-0 flex-1 accent-jade"
        />
        <output className="w-52 text-end max-sm:w-32">{said}</output>
      </label>
    </div>
  );
}

function Legend({ by }: { readonly by: ColourName }): ReactNode {
  const words = useAuthenticityWords().rings;
  const title = (id: string): string =>
    by === "tie"
      ? words.ties[id as keyof typeof words.ties]
      : by === "kind"
        ? words.nodeKinds[id as keyof typeof words.nodeKinds]
        : words.legend[id as keyof typeof words.legend];
  return (
    <ul className="flex flex-wrap gap-x-4 gap-y-1 text-xs text-ink-2">
      {legendOf(by).map(({ id, look }) => (
        <li key={id} className="flex items-center gap-1.5">
          <span
            aria-hidden
            className={by === "tie" ? "h-0.5 w-4" : "size-2.5 rounded-full"}
            style={{ backgroundColor: palette[look] }}
          />
          {title(id)}
        </li>
      ))}
    </ul>
  );
}

interface ChosenProps {
  readonly node: RingNode | undefined;
  readonly ties: number;
  readonly marketplace: string;
}

/** What is known of the node that was pressed. */
function Chosen({ node, ties, marketplace }: ChosenProps): ReactNode {
  const words = useAuthenticityWords();
  const voice = useVoice();
  if (node === undefined) return null;
  const { id, kind, reliability, items, day } = node;
  return (
    <p className="flex flex-wrap items-baseline gap-x-4 gap-y-1 rounded-control border border-line bg-sunk px-3 py-2 text-sm">
      <span className="font-medium">{words.rings.nodeKinds[kind]}</span>
      <NodeLink node={node} marketplace={marketplace} />
      {reliability === null ? null : <span>{words.reliabilityOf(shareOf(reliability, voice))}</span>}
      {kind === "merchant" ? null : <span>{words.rings.targetItems(items)}</span>}
      <span>{words.rings.tied(ties)}</span>
      {day === null ? null : <span>{voice.f.day(day)}</span>}
      <span className="sr-only">{id}</span>
    </p>
  );
}

function NodeLink({ node, marketplace }: { readonly node: RingNode; readonly marketplace: string }): ReactNode {
  return node.kind === "user" ? (
    <Link
      to="/$marketplace/authenticity/users/$user"
      params={{ marketplace, user: node.id }}
      className="link min-w-0 truncate"
    >
      <bdi>{node.id}</bdi>
    </Link>
  ) : (
    <Link
      to="/$marketplace/$plural/$id"
      params={{ marketplace, plural: "merchants", id: node.id }}
      className="link min-w-0 truncate"
    >
      <bdi>{node.id}</bdi>
    </Link>
  );
}

interface PanelProps extends RingExplorerProps {
  readonly graph: RingGraph;
}

function GraphPanel({ ring, marketplace, search, onSearch, graph }: PanelProps): ReactNode {
  const words = useAuthenticityWords().rings;
  const by = search.colour ?? "reliability";
  const [day, setDay] = useState<number>();
  const at = day ?? Math.max(0, graph.days.length - 1);
  const [chosen, setChosen] = useState(-1);
  const shown = useMemo(() => shownUntil(graph, graph.days[at] ?? 0), [graph, at]);
  const looks = useMemo(() => looksOf(ring.nodes, graph, by), [ring.nodes, graph, by]);
  const names = useMemo(() => {
    const known = new Map(ring.summary.targets.map(({ merchant, name }) => [merchant, name ?? merchant]));
    return new Map(
      ring.nodes.flatMap(({ id, kind }, node) => (kind === "merchant" ? [[node, known.get(id) ?? id] as const] : [])),
    );
  }, [ring]);
  return (
    <div className="flex flex-col gap-3">
      <div className="flex flex-wrap items-center justify-between gap-x-4 gap-y-2">
        <div className="flex flex-wrap items-center gap-2">
          <span className="text-sm text-ink-3">{words.colour}</span>
          <ChoiceChips
            label={words.colour}
            value={by}
            options={colourNames.map((value) => ({ value, label: words.colours[value] }))}
            onChange={(colour) => onSearch({ colour: colour === "reliability" ? undefined : colour })}
          />
        </div>
        <Legend by={by} />
      </div>
      <Suspense fallback={<Skeleton rows={6} rowPx={72} />}>
        <Network
          label={words.graphLabel(ring.nodes.length, graph.ties.length)}
          nodes={ring.nodes.length}
          from={graph.from}
          to={graph.to}
          palette={palette}
          size={graph.size}
          names={names}
          chosen={chosen}
          onChoose={setChosen}
          {...looks}
          nodeShown={shown.nodeShown}
          tieShown={shown.tieShown}
        />
      </Suspense>
      <Days graph={graph} at={at} shown={shown.count} onAt={setDay} />
      <div aria-live="polite">
        <Chosen
          node={ring.nodes[chosen]}
          ties={chosen < 0 ? 0 : (graph.degree[chosen] ?? 0)}
          marketplace={marketplace}
        />
      </div>
    </div>
  );
}

type NodeRow = RingNode & { readonly place: number; readonly ties: number };

function NodesPanel({ ring, marketplace, graph }: PanelProps): ReactNode {
  const all = useAuthenticityWords();
  const words = all.rings;
  const voice = useVoice();
  const [sort, setSort] = useState<Sort | undefined>({ id: "ties", descending: true });
  const rows = useMemo(
    () => ring.nodes.map((node, place): NodeRow => ({ ...node, place, ties: graph.degree[place] ?? 0 })),
    [ring.nodes, graph],
  );
  const columns = useMemo<Column<NodeRow>[]>(() => {
    const titles = words.nodeColumns;
    const { f } = voice;
    return [
      {
        id: "id",
        title: titles.id,
        width: 200,
        grows: true,
        inList: "title",
        value: ({ id }) => id,
        cell: (node) => <NodeLink node={node} marketplace={marketplace} />,
      },
      { id: "kind", title: titles.kind, width: 110, value: ({ kind }) => words.nodeKinds[kind] },
      {
        id: "reliability",
        title: titles.reliability,
        width: 120,
        end: true,
        inList: "end",
        value: ({ reliability }) => reliability,
        cell: ({ reliability }) => (reliability === null ? "–" : shareOf(reliability, voice)),
      },
      {
        id: "items",
        title: titles.items,
        width: 90,
        end: true,
        value: ({ items }) => items,
        cell: ({ items }) => f.count(items),
      },
      {
        id: "ties",
        title: titles.ties,
        width: 90,
        end: true,
        value: ({ ties }) => ties,
        cell: ({ ties }) => f.count(ties),
      },
      {
        id: "day",
        title: titles.day,
        width: 140,
        value: ({ day }) => day,
        cell: ({ day }) => (day === null ? words.unknownDay : f.day(day)),
      },
    ];
  }, [words, voice, marketplace]);
  return (
    <DataTable
      id="ring-nodes"
      label={words.explorerTabs.nodes}
      columns={columns}
      rows={rows}
      rowKey={({ place }) => String(place)}
      sort={sort}
      onSort={setSort}
      height="min(62dvh, 560px)"
    />
  );
}

interface TieRow {
  readonly place: number;
  readonly from: RingNode;
  readonly to: RingNode;
  readonly tie: keyof AuthenticityWords["rings"]["ties"];
  readonly day: string | null;
}

function TiesPanel({ ring, marketplace, graph }: PanelProps): ReactNode {
  const words = useAuthenticityWords().rings;
  const { f } = useVoice();
  const [sort, setSort] = useState<Sort | undefined>(undefined);
  const rows = useMemo(
    () =>
      graph.ties.flatMap(({ from, to, tie, day }, place): TieRow[] => {
        const [one, other] = [ring.nodes[from], ring.nodes[to]];
        return one === undefined || other === undefined ? [] : [{ place, from: one, to: other, tie, day }];
      }),
    [ring.nodes, graph],
  );
  const columns = useMemo<Column<TieRow>[]>(() => {
    const titles = words.tieColumns;
    const end = (which: "from" | "to", width: number): Column<TieRow> => ({
      id: which,
      title: titles[which],
      width,
      grows: true,
      ...(which === "from" ? { inList: "title" as const } : {}),
      value: (row) => row[which].id,
      cell: (row) => <NodeLink node={row[which]} marketplace={marketplace} />,
    });
    return [
      end("from", 200),
      { id: "tie", title: titles.tie, width: 110, inList: "end", value: ({ tie }) => words.ties[tie] },
      end("to", 200),
      {
        id: "day",
        title: titles.day,
        width: 140,
        value: ({ day }) => day,
        cell: ({ day }) => (day === null ? words.unknownDay : f.day(day)),
      },
    ];
  }, [words, f, marketplace]);
  return (
    <DataTable
      id="ring-ties"
      label={words.explorerTabs.ties}
      columns={columns}
      rows={rows}
      rowKey={({ place }) => String(place)}
      sort={sort}
      onSort={setSort}
      height="min(62dvh, 560px)"
    />
  );
}

/** Who is tied to whom: as a graph, and the same as lists. */
export function RingExplorer(props: RingExplorerProps): ReactNode {
  const { ring, search, onSearch } = props;
  const words = useAuthenticityWords().rings;
  const graph = useMemo(() => graphOf(ring), [ring]);
  const panel = { ...props, graph };
  const views: Readonly<Record<RingView, () => ReactNode>> = {
    graph: () => <GraphPanel {...panel} />,
    nodes: () => <NodesPanel {...panel} />,
    ties: () => <TiesPanel {...panel} />,
  };
  return (
    <Card
      id="explorer"
      title={words.explorer}
      hint={
        ring.complete
          ? undefined
          : words.incomplete(ring.nodes.filter(({ kind }) => kind === "user").length, ring.summary.members)
      }
    >
      <Tabs
        label={words.explorer}
        value={search.view ?? "graph"}
        onChange={(view) => onSearch({ view: view === "graph" ? undefined : view })}
        tabs={(Object.keys(views) as RingView[]).map((value) => ({
          value,
          label: words.explorerTabs[value],
          panel: views[value],
        }))}
      />
    </Card>
  );
}
