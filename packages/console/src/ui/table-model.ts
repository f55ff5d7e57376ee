import {
  type ColumnDef,
  columnResizingFeature,
  columnSizingFeature,
  columnVisibilityFeature,
  createSortedRowModel,
  type ReactTable,
  rowSortingFeature,
  tableFeatures,
} from "@tanstack/react-table";
import type { ReactNode } from "react";

/** How a column shows where the table has become a list. */
export type InList = "title" | "end" | "line" | "none";

export interface Column<R> {
  readonly id: string;
  readonly title: string;
  /** What is sorted and written to CSV. */
  readonly value: (row: R) => string | number | null;
  readonly cell?: (row: R) => ReactNode;
  readonly end?: boolean;
  readonly width: number;
  /** Takes the room that is left. */
  readonly grows?: boolean;
  readonly sortable?: boolean;
  readonly hidden?: boolean;
  readonly inList?: InList;
}

export interface Sort {
  readonly id: string;
  readonly descending: boolean;
}

export const features = tableFeatures({
  rowSortingFeature,
  sortedRowModel: createSortedRowModel(),
  columnVisibilityFeature,
  columnSizingFeature,
  columnResizingFeature,
});

export type TableOf<R extends object> = ReactTable<typeof features, R>;

export const widthMin = 56;
export const widthMax = 720;

/** Text by the reader's language with numbers in it as numbers; nothing known comes last. */
function compare(collator: Intl.Collator, one: string | number | null, other: string | number | null): number {
  if (one === null || other === null) return one === other ? 0 : one === null ? -1 : 1;
  if (typeof one === "number" && typeof other === "number") return one - other;
  return collator.compare(String(one), String(other));
}

/** The library's columns, made of ours. */
export function columnDefs<R extends object>(
  columns: readonly Column<R>[],
  locale: string,
): ColumnDef<typeof features, R>[] {
  const collator = new Intl.Collator(locale, { numeric: true });
  return columns.map((column) => ({
    id: column.id,
    accessorFn: (row: R) => column.value(row),
    header: column.title,
    size: column.width,
    minSize: widthMin,
    maxSize: widthMax,
    enableSorting: column.sortable !== false,
    enableHiding: column.inList !== "title",
    sortFn: (one, other) => compare(collator, column.value(one.original), column.value(other.original)),
  }));
}

const storageKey = (table: string): string => `probity-table-${table}`;

export interface KeptColumns {
  readonly visibility: Readonly<Record<string, boolean>>;
  readonly sizing: Readonly<Record<string, number>>;
}

/** Which columns a reader chose and how wide, from last time. */
export function readKeptColumns(table: string): KeptColumns | undefined {
  try {
    const kept = JSON.parse(localStorage.getItem(storageKey(table)) ?? "null") as KeptColumns | null;
    return kept !== null && typeof kept.visibility === "object" && typeof kept.sizing === "object" ? kept : undefined;
  } catch {
    return undefined;
  }
}

export function keepColumns(table: string, kept: KeptColumns): void {
  try {
    localStorage.setItem(storageKey(table), JSON.stringify(kept));
  } catch {
    // Without storage the choice lasts as long as the page.
  }
}
