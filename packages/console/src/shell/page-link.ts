import { linkOptions } from "@tanstack/react-router";
import { type PageName, plurals } from "./navigation.ts";

/** Where an entry of the navigation leads. */
export function pageLink(page: PageName, marketplace: string) {
  const plural = plurals.find((one) => one === page);
  return plural === undefined
    ? linkOptions({
        to: `/$marketplace/${page as Exclude<PageName, (typeof plurals)[number]>}`,
        params: { marketplace },
      })
    : linkOptions({ to: "/$marketplace/$plural", params: { marketplace, plural } });
}
