import type { RatingSummary } from "@probity/contract";
import { Link } from "@tanstack/react-router";
import type { Kind } from "../api/queries.ts";
import type { Voice } from "../messages/messages.tsx";
import type { Plural } from "../shell/navigation.ts";
import { BoundedNumber } from "../ui/bounded-number.tsx";
import type { Column } from "../ui/data-table.tsx";
import { DimensionColumns } from "../ui/score-bar.tsx";
import { Seal } from "../ui/seal.tsx";
import { gradeNames } from "./subjects-search.ts";

const scoreMax = 1_000;

function nameColumn(voice: Voice, marketplace: string, plural: Plural): Column<RatingSummary> {
  const { t } = voice;
  return {
    id: "name",
    title: t.ratings.columns.name,
    width: 230,
    grows: true,
    inList: "title",
    value: ({ name, id }) => name ?? id,
    cell: ({ name, id }) => (
      <Link
        to="/$marketplace/$plural/$id"
        params={{ marketplace, plural, id }}
        className="min-w-0 truncate text-ink no-underline hover:underline max-sm:line-clamp-2 max-sm:whitespace-normal"
        title={name ?? id}
      >
        <bdi>{name ?? `${id} (${t.ratings.unnamed})`}</bdi>
      </Link>
    ),
  };
}

/** Plain figures: how much, which, and as of when. */
function countColumns({ t, f }: Voice): Column<RatingSummary>[] {
  const words = t.ratings.columns;
  return [
    {
      id: "orders",
      title: words.orders,
      width: 88,
      end: true,
      value: ({ orders }) => orders,
      cell: ({ orders }) => f.count(orders),
    },
    {
      id: "buyers",
      title: words.buyers,
      width: 88,
      end: true,
      value: ({ buyers }) => buyers,
      cell: ({ buyers }) => f.count(buyers),
    },
    { id: "id", title: words.id, width: 120, hidden: true, inList: "none", value: ({ id }) => id },
    {
      id: "day",
      title: words.day,
      width: 120,
      hidden: true,
      inList: "none",
      value: ({ day }) => day,
      cell: ({ day }) => f.day(day),
    },
  ];
}

/** Columns of a list of ratings; stable for a language. */
export function subjectColumns(voice: Voice, marketplace: string, plural: Plural, kind: Kind): Column<RatingSummary>[] {
  const { t, f } = voice;
  const words = t.ratings.columns;
  const shape = (item: RatingSummary): string =>
    item.dimensions
      .filter(({ max }) => max > 0)
      .map(({ title, points, max }) => t.ratings.dimension(f.words(title), points, max))
      .join(", ");
  const columns: Column<RatingSummary>[] = [
    {
      id: "grade",
      title: words.grade,
      width: 78,
      // By the bound, from which it follows.
      sortable: false,
      inList: "end",
      value: ({ grade }) => (grade === null ? null : gradeNames.length - gradeNames.indexOf(grade)),
      cell: ({ grade }) => <Seal grade={grade} />,
    },
    nameColumn(voice, marketplace, plural),
    {
      id: "score",
      title: words.score,
      width: 190,
      value: ({ score }) => score,
      cell: ({ score, bound }) => <BoundedNumber score={score} bound={bound} max={scoreMax} />,
    },
    {
      id: "bound",
      title: words.bound,
      width: 90,
      end: true,
      hidden: true,
      inList: "none",
      value: ({ bound }) => bound,
    },
    {
      id: "category",
      title: words.category,
      width: 120,
      value: ({ category }) => category,
      cell: ({ category }) => <span className="truncate">{category ?? t.ratings.noCategory}</span>,
    },
    {
      id: "dimensions",
      title: words.dimensions,
      width: 110,
      sortable: false,
      inList: "none",
      value: shape,
      cell: (item) => (
        <DimensionColumns dimensions={item.dimensions.filter(({ max }) => max > 0)} label={shape(item)} />
      ),
    },
    ...countColumns(voice),
  ];
  return columns.filter(({ id }) => kind === "merchant" || id !== "buyers");
}
