import type { EventType } from "@probity/contract";
import type { EventRule } from "./mapping.ts";
import type { Condition, Fields, Value } from "./mapping-values.ts";
import type { Guess, Meaning } from "./meanings.ts";
import type { Shape } from "./shapes.ts";

/** A column that was given a meaning. */
export interface FoundColumn {
  readonly column: string;
  readonly shape: Shape;
  readonly guess: Guess;
  readonly filled: number;
  readonly rows: number;
}

export type Found = Map<Meaning, FoundColumn>;

export type ChoiceReason = Guess["reason"] | "instead" | "assumed";

/** Why a field is filled as it is. */
export interface Choice {
  /** Path in the event's data, `time` or `id`. */
  readonly field: string;
  readonly column: string | undefined;
  readonly reason: ChoiceReason;
  /** Of a hundred. */
  readonly confidence: number;
}

export interface RuleGuess {
  readonly type: string;
  /** That of its weakest choice. */
  readonly confidence: number;
  readonly choices: readonly Choice[];
  /** Required fields for which no column was found. */
  readonly missing: readonly string[];
}

/** What a person should look at; `values` are columns, codes and numbers to put into words. */
export interface Note {
  readonly code:
    | "alternatives"
    | "buyer-personal"
    | "currency-assumed"
    | "date-ambiguous"
    | "merchant-assumed"
    | "personal-left-out"
    | "rows-share-order"
    | "time-of-order"
    | "zone-assumed";
  readonly values: Readonly<Record<string, string>>;
}

interface DraftSettings {
  readonly constants: Record<string, string>;
  readonly shopColumn: string;
  /** Of the marketplace's currency, where no column names one. */
  readonly currencyConfidence: number;
  readonly notes: Note[];
}

type As = "money" | "time" | "integer" | "text";

const assumedConfidence = 50;
/** Filled at the end, when the currency of the file is known. */
const currencyPlace: Value = { const: "CURRENCY" };
const shopName = "shop-1";

/** A rule while its fields are being found. */
export class RuleDraft {
  readonly type: EventType;
  readonly missing: string[] = [];
  readonly choices: Choice[] = [];
  readonly conditions: Condition[] = [];
  idColumns: string[] = [];
  readonly #found: Found;
  readonly #settings: DraftSettings;
  readonly #data: Record<string, Value> = {};
  #time: EventRule["time"] | undefined;

  constructor(type: EventType, found: Found, settings: DraftSettings) {
    this.type = type;
    this.#found = found;
    this.#settings = settings;
  }

  set(field: string, value: Value, choice: Omit<Choice, "field" | "column"> & { readonly column?: string }): void {
    this.#data[field] = value;
    this.choices.push({ field, column: choice.column, reason: choice.reason, confidence: choice.confidence });
  }

  assume(field: string, value: Value): void {
    this.set(field, value, { reason: "assumed", confidence: assumedConfidence });
  }

  /** Value of the first meaning that has a column; later ones stand in for it. */
  value(field: string, meanings: readonly Meaning[], as: As): Value | undefined {
    for (const [at, meaning] of meanings.entries()) {
      const own = this.#found.get(meaning);
      if (own === undefined) continue;
      const { reason, confidence } = own.guess;
      const choice = at === 0 ? { reason, confidence } : { reason: "instead" as const, confidence: confidence - 20 };
      this.choices.push({ field, column: own.column, ...choice });
      if (field === "buyer" && at > 0) {
        this.#settings.notes.push({ code: "buyer-personal", values: { column: own.column } });
      }
      const format = as === "time" ? formatOf(own.shape) : {};
      return as === "text" ? { column: own.column } : { column: own.column, as, ...format };
    }
    return undefined;
  }

  take(field: string, meanings: readonly Meaning[], as: As = "text"): boolean {
    const value = this.value(field, meanings, as);
    if (value !== undefined) this.#data[field] = value;
    return value !== undefined;
  }

  need(field: string, meanings: readonly Meaning[], as: As = "text"): void {
    if (!this.take(field, meanings, as)) this.missing.push(field);
  }

  /** The shop: a column, else one name for the whole file. */
  merchant(): void {
    if (this.take("merchant", ["merchant", "merchantName"])) return;
    this.#settings.constants[this.#settings.shopColumn] = shopName;
    this.assume("merchant", { column: this.#settings.shopColumn });
  }

  currency(): void {
    const own = this.#found.get("currency");
    if (own) this.set("currency", currencyPlace, { ...own.guess, column: own.column });
    else this.set("currency", currencyPlace, { reason: "assumed", confidence: this.#settings.currencyConfidence });
  }

  /** One item for each row. */
  items(): void {
    const product = this.value("items.product", ["product", "productName"], "text");
    const quantity = this.value("items.quantity", ["quantity"], "integer");
    const amount = this.value("items.amount", ["itemAmount", "amount", "paidAmount"], "money");
    if (product === undefined) this.missing.push("items.product");
    if (quantity === undefined) {
      this.choices.push({
        field: "items.quantity",
        column: undefined,
        reason: "assumed",
        confidence: assumedConfidence,
      });
    }
    if (product === undefined || amount === undefined) return;
    const item: Fields = { product, quantity: quantity ?? { const: 1 }, amount };
    this.#data["items"] = { list: [item] };
  }

  dateBy(column: string, shape: Shape, choice: Pick<Choice, "reason" | "confidence">): void {
    this.#time = { column, ...formatOf(shape) };
    this.choices.push({ field: "time", column, ...choice });
  }

  /** When it happened; false, and told as missing, if no column says so. */
  date(meanings: readonly Meaning[]): boolean {
    const at = meanings.findIndex((meaning) => this.#found.has(meaning));
    const own = this.#found.get(meanings[at] ?? "time");
    if (at === -1 || own === undefined) {
      this.missing.push("time");
      return false;
    }
    const { reason, confidence } = own.guess;
    this.dateBy(
      own.column,
      own.shape,
      at === 0 ? { reason, confidence } : { reason: "instead", confidence: confidence - 20 },
    );
    return true;
  }

  /** Only rows whose column is filled; nothing to say where it always is. */
  onlyWith(meaning: Meaning): void {
    const own = this.#found.get(meaning);
    if (own) this.conditions.push({ column: own.column, present: true });
  }

  idOf(meanings: readonly Meaning[]): void {
    this.idColumns = meanings.flatMap((meaning) => this.#found.get(meaning)?.column ?? []);
  }

  note(code: Note["code"], values: Readonly<Record<string, string>>): void {
    this.#settings.notes.push({ code, values });
  }

  rule(): EventRule {
    const columns =
      this.idColumns.length > 0 ? this.idColumns : [this.#time?.column ?? ""].filter((name) => name !== "");
    const id = [this.type.replace(".", "-"), ...columns.map((column) => `{${column}}`)].join("-");
    return {
      type: this.type,
      ...(this.conditions.length === 0 ? {} : { when: [...this.conditions] }),
      id,
      time: this.#time ?? { column: "" },
      data: { ...this.#data },
    };
  }

  guess(): RuleGuess {
    const confidence = this.choices.reduce((least, choice) => Math.min(least, choice.confidence), 100);
    return {
      type: this.type,
      confidence: this.missing.length > 0 ? Math.min(confidence, 20) : confidence,
      choices: this.choices,
      missing: this.missing,
    };
  }
}

function formatOf({ format }: Shape): { format?: string } {
  return format === undefined || format === "rfc3339" ? {} : { format };
}
