/** A marketplace as the engine knows it; fixed when it is made. */
export interface Marketplace {
  readonly marketplaceId: number;
  readonly slug: string;
  readonly name: string;
  /** ISO 4217; `gmv` counts orders in this currency. */
  readonly currency: string;
  /** `wall`: rated as of today; `log`: as of the newest event. */
  readonly clock: "wall" | "log";
  readonly isPublic: boolean;
}
