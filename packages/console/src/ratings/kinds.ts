import type { Kind } from "../api/queries.ts";
import { type Plural, plurals } from "../shell/navigation.ts";

const kinds: Readonly<Record<Plural, Kind>> = { merchants: "merchant", products: "product", promoters: "promoter" };

export const kindOf = (plural: Plural): Kind => kinds[plural];

export const pluralOf = (text: string): Plural | undefined => plurals.find((plural) => plural === text);
