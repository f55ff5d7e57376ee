import { type ReactNode, useMemo, useState } from "react";
import { type Column, DataTable, type Sort } from "./data-table.tsx";
import { Seal } from "./seal.tsx";

interface Row {
  readonly id: string;
  readonly name: string;
  readonly score: number;
  readonly city: string | null;
}

const cities = ["杭州", "Lyon", null, "القاهرة"];

const columns: readonly Column<Row>[] = [
  {
    id: "name",
    title: "Name",
    width: 200,
    grows: true,
    inList: "title",
    value: ({ name }) => name,
    cell: ({ name, id }) => (
      <a href={`#${id}`} className="truncate">
        <bdi>{name}</bdi>
      </a>
    ),
  },
  { id: "score", title: "Score", width: 120, end: true, value: ({ score }) => score },
  { id: "city", title: "City", width: 140, value: ({ city }) => city },
  {
    id: "grade",
    title: "Grade",
    width: 90,
    sortable: false,
    inList: "end",
    value: () => "AA",
    cell: () => <Seal grade="AA" />,
  },
  { id: "id", title: "Id", width: 120, hidden: true, inList: "none", value: ({ id }) => id },
];

function Table({ count }: { readonly count: number }): ReactNode {
  const rows = useMemo<Row[]>(
    () =>
      Array.from({ length: count }, (_, place) => ({
        id: `m-${place}`,
        name: place === 3 ? "=HYPERLINK(1)" : place === 4 ? `${"很长的名字 ".repeat(20)}end` : `Merchant ${place}`,
        score: (place * 7_919) % 1_000,
        city: cities[place % cities.length] ?? null,
      })),
    [count],
  );
  const [sort, setSort] = useState<Sort | undefined>(undefined);
  const [opened, setOpened] = useState("");
  const [ends, setEnds] = useState(0);
  return (
    <>
      <DataTable
        id={`gallery-${count}`}
        label="Merchants"
        columns={columns}
        rows={rows}
        rowKey={({ id }) => id}
        sort={sort}
        onSort={setSort}
        onOpen={({ id }) => setOpened(id)}
        onEnd={useMemo(() => () => setEnds((before) => before + 1), [])}
        selected={opened}
        height="420px"
      />
      <p id="said">{`opened ${opened} ends ${ends > 0}`}</p>
    </>
  );
}

/** Rows that come in an order of somebody else's, are picked, and are written elsewhere. */
function Picked(): ReactNode {
  const [sort, setSort] = useState<Sort | undefined>(undefined);
  const [keys, setKeys] = useState<ReadonlySet<string>>(new Set());
  const [written, setWritten] = useState("");
  const rows = useMemo<Row[]>(
    () => [5, 3, 9].map((score) => ({ id: `m-${score}`, name: `Merchant ${score}`, score, city: null })),
    [],
  );
  return (
    <>
      <DataTable
        id="gallery-picked"
        label="Merchants"
        columns={columns}
        rows={rows}
        rowKey={({ id }) => id}
        sort={sort}
        onSort={setSort}
        sortedBefore
        picks={{
          keys,
          max: 2,
          title: "Compare",
          label: ({ name }) => `Compare ${name}`,
          onPick: (key, picked) => setKeys(new Set(picked ? [...keys, key] : [...keys].filter((one) => one !== key))),
        }}
        onExport={(shown) => setWritten(shown.map(({ id }) => id).join(" "))}
      />
      <p id="said">{`picked ${[...keys].join(" ")} sort ${sort?.id ?? ""} written ${written}`}</p>
    </>
  );
}

export const tables: Readonly<Record<string, () => ReactNode>> = {
  table: () => <Table count={30} />,
  "picked-table": () => <Picked />,
  "large-table": () => <Table count={100_000} />,
};
