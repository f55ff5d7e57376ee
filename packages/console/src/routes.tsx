import type { QueryClient } from "@tanstack/react-query";
import {
  createRootRouteWithContext,
  createRoute,
  createRouter,
  lazyRouteComponent,
  notFound,
  Outlet,
  redirect,
} from "@tanstack/react-router";
import type { ReactNode } from "react";
import { sessionQuery } from "./api/queries.ts";
import {
  dossierSearch,
  kindNames,
  modelSearch,
  queueSearch,
  ringSearch,
  ringsSearch,
} from "./authenticity/queue-search.ts";
import { ingestSearch } from "./ingest/ingest-search.ts";
import { logSearch } from "./log/log-search.ts";
import { overviewSearch } from "./overview/overview-search.ts";
import { sizeNames } from "./policies/what-if-sizes.ts";
import { compareSearch } from "./ratings/compare-search.ts";
import { pluralOf } from "./ratings/kinds.ts";
import { subjectSearch } from "./ratings/subject-search.ts";
import { subjectsSearch } from "./ratings/subjects-search.ts";
import { settingsSearch } from "./settings/settings-search.ts";
import { ErrorPage, LostPage, NotFoundPage, PendingPage } from "./shell/fallback-pages.tsx";
import type { Plural } from "./shell/navigation.ts";
import { MarketplacePage } from "./shell/marketplace-page.tsx";
import { dayParam, oneOfParam, only, present, textParam } from "./shell/search-params.ts";

interface RouterContext {
  readonly queryClient: QueryClient;
}

const rootRoute = createRootRouteWithContext<RouterContext>()({ component: Outlet, notFoundComponent: LostPage });

/** A path of the console to go on to after signing in; `//elsewhere` would be another server. */
const nextOf = (search: Readonly<Record<string, unknown>>): string | undefined => {
  const next = textParam(search, "next", 500);
  return next !== undefined && /^\/(?![/\\])/.test(next) ? next : undefined;
};

const startRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: "/",
  beforeLoad: async ({ context }) => {
    const session = await context.queryClient.query({ ...sessionQuery, staleTime: "static" });
    if (session.person === null) throw redirect({ to: "/sign-in" });
    const [first] = session.marketplaces;
    if (first !== undefined) throw redirect({ to: "/$marketplace", params: { marketplace: first.slug } });
  },
  component: () => <MarketplacePage slug="" />,
});

const signInRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: "sign-in",
  validateSearch: only((search): { next?: string } => present({ next: nextOf(search) })),
  loader: ({ context }) => context.queryClient.query({ ...sessionQuery, staleTime: "static" }),
  component: lazyRouteComponent(() => import("./session/sign-in-page.tsx"), "SignInPage"),
});

const inviteRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: "invite",
  component: lazyRouteComponent(() => import("./session/sign-in-page.tsx"), "InvitePage"),
});

function MarketplaceRoute(): ReactNode {
  const { marketplace } = marketplaceRoute.useParams();
  return <MarketplacePage slug={marketplace} />;
}

const marketplaceRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: "$marketplace",
  beforeLoad: async ({ context, location }) => {
    const session = await context.queryClient.query({ ...sessionQuery, staleTime: "static" });
    if (session.person === null) throw redirect({ to: "/sign-in", search: { next: location.href } });
  },
  component: MarketplaceRoute,
});

const marketplaceStartRoute = createRoute({
  getParentRoute: () => marketplaceRoute,
  path: "/",
  beforeLoad: ({ params }) => {
    throw redirect({ to: "/$marketplace/overview", params: { marketplace: params.marketplace }, replace: true });
  },
});

const overviewRoute = createRoute({
  getParentRoute: () => marketplaceRoute,
  path: "overview",
  validateSearch: only(overviewSearch),
  component: lazyRouteComponent(() => import("./overview/overview-page.tsx"), "OverviewPage"),
});

const pluralParams = {
  parse: ({ plural }: { readonly plural: string }) => {
    const known = pluralOf(plural);
    if (known === undefined) throw notFound();
    return { plural: known };
  },
  stringify: ({ plural }: { readonly plural: Plural }) => ({ plural }),
};

const pluralRoute = createRoute({
  getParentRoute: () => marketplaceRoute,
  path: "$plural",
  params: pluralParams,
});

const subjectsRoute = createRoute({
  getParentRoute: () => pluralRoute,
  path: "/",
  validateSearch: only(subjectsSearch),
  component: lazyRouteComponent(() => import("./ratings/subjects-page.tsx"), "SubjectsPage"),
});

const subjectRoute = createRoute({
  getParentRoute: () => pluralRoute,
  path: "$id",
  validateSearch: only(subjectSearch),
  component: lazyRouteComponent(() => import("./ratings/subject-page.tsx"), "SubjectPage"),
});

const subjectReportRoute = createRoute({
  getParentRoute: () => pluralRoute,
  path: "$id/report",
  validateSearch: only((search): { on?: string } => present({ on: dayParam(search, "on") })),
  component: lazyRouteComponent(() => import("./ratings/report-page.tsx"), "ReportPage"),
});

/** Apart from the subjects themselves: one of them may be called `compare`. */
const compareRoute = createRoute({
  getParentRoute: () => marketplaceRoute,
  path: "compare/$plural",
  params: pluralParams,
  validateSearch: only(compareSearch),
  component: lazyRouteComponent(() => import("./ratings/compare-page.tsx"), "ComparePage"),
});

const queueRoute = createRoute({
  getParentRoute: () => marketplaceRoute,
  path: "authenticity",
  validateSearch: only(queueSearch),
  component: lazyRouteComponent(() => import("./authenticity/queue-page.tsx"), "QueuePage"),
});

const dossierRoute = createRoute({
  getParentRoute: () => marketplaceRoute,
  path: "authenticity/$kind/$merchant/$id",
  params: {
    parse: ({ kind, merchant, id }) => {
      const known = kindNames.find((one) => one === kind);
      if (known === undefined) throw notFound();
      return { kind: known, merchant, id };
    },
    stringify: ({ kind, merchant, id }) => ({ kind, merchant, id }),
  },
  validateSearch: only(dossierSearch),
  component: lazyRouteComponent(() => import("./authenticity/dossier-page.tsx"), "DossierPage"),
});

const ringsRoute = createRoute({
  getParentRoute: () => marketplaceRoute,
  path: "authenticity/rings",
  validateSearch: only(ringsSearch),
  component: lazyRouteComponent(() => import("./authenticity/rings-page.tsx"), "RingsPage"),
});

const ringRoute = createRoute({
  getParentRoute: () => marketplaceRoute,
  path: "authenticity/rings/$ring",
  validateSearch: only(ringSearch),
  component: lazyRouteComponent(() => import("./authenticity/ring-page.tsx"), "RingPage"),
});

const userRoute = createRoute({
  getParentRoute: () => marketplaceRoute,
  path: "authenticity/users/$user",
  component: lazyRouteComponent(() => import("./authenticity/user-page.tsx"), "UserPage"),
});

const modelsRoute = createRoute({
  getParentRoute: () => marketplaceRoute,
  path: "authenticity/models",
  component: lazyRouteComponent(() => import("./authenticity/models-page.tsx"), "ModelsPage"),
});

const modelRoute = createRoute({
  getParentRoute: () => marketplaceRoute,
  path: "authenticity/models/$model",
  validateSearch: only(modelSearch),
  component: lazyRouteComponent(() => import("./authenticity/model-page.tsx"), "ModelPage"),
});

const agreementRoute = createRoute({
  getParentRoute: () => marketplaceRoute,
  path: "authenticity/agreement",
  component: lazyRouteComponent(() => import("./authenticity/agreement-page.tsx"), "AgreementPage"),
});

const policiesRoute = createRoute({
  getParentRoute: () => marketplaceRoute,
  path: "policies",
  component: lazyRouteComponent(() => import("./policies/policies-page.tsx"), "PoliciesPage"),
});

const policyRoute = createRoute({
  getParentRoute: () => marketplaceRoute,
  path: "policies/$policy",
  component: lazyRouteComponent(() => import("./policies/policy-page.tsx"), "PolicyPage"),
});

const whatIfRoute = createRoute({
  getParentRoute: () => marketplaceRoute,
  path: "policies/$policy/what-if",
  validateSearch: only((search): { on?: string; size?: (typeof sizeNames)[number] } =>
    present({ on: dayParam(search, "on"), size: oneOfParam(search, "size", sizeNames) }),
  ),
  component: lazyRouteComponent(() => import("./policies/what-if-page.tsx"), "WhatIfPage"),
});

const draftRoute = createRoute({
  getParentRoute: () => marketplaceRoute,
  path: "policies/$policy/draft",
  validateSearch: only((search): { curve?: string } => present({ curve: textParam(search, "curve", 64) })),
  component: lazyRouteComponent(() => import("./policies/draft-page.tsx"), "DraftPage"),
});

const diffRoute = createRoute({
  getParentRoute: () => marketplaceRoute,
  path: "policies/$policy/diff",
  validateSearch: only((search): { with?: string } => present({ with: textParam(search, "with", 64) })),
  component: lazyRouteComponent(() => import("./policies/diff-page.tsx"), "DiffPage"),
});

const eventRoute = createRoute({
  getParentRoute: () => marketplaceRoute,
  path: "events/$seq",
  component: lazyRouteComponent(() => import("./ledger/event-page.tsx"), "EventPage"),
});

const logRoute = createRoute({
  getParentRoute: () => marketplaceRoute,
  path: "log",
  validateSearch: only(logSearch),
  component: lazyRouteComponent(() => import("./log/log-page.tsx"), "LogPage"),
});

const ingestRoute = createRoute({
  getParentRoute: () => marketplaceRoute,
  path: "ingest",
  validateSearch: only(ingestSearch),
  component: lazyRouteComponent(() => import("./ingest/ingest-page.tsx"), "IngestPage"),
});

const importRoute = createRoute({
  getParentRoute: () => marketplaceRoute,
  path: "import",
  component: lazyRouteComponent(() => import("./imports/import-page.tsx"), "ImportPage"),
});

const activityRoute = createRoute({
  getParentRoute: () => marketplaceRoute,
  path: "activity",
  validateSearch: only((search): { act?: string } => present({ act: textParam(search, "act", 64) })),
  component: lazyRouteComponent(() => import("./activity/activity-page.tsx"), "ActivityPage"),
});

const settingsRoute = createRoute({
  getParentRoute: () => marketplaceRoute,
  path: "settings",
  validateSearch: only(settingsSearch),
  component: lazyRouteComponent(() => import("./settings/settings-page.tsx"), "SettingsPage"),
});

const routeTree = rootRoute.addChildren([
  startRoute,
  signInRoute,
  inviteRoute,
  marketplaceRoute.addChildren([
    marketplaceStartRoute,
    overviewRoute,
    queueRoute,
    dossierRoute,
    ringsRoute,
    ringRoute,
    userRoute,
    modelsRoute,
    modelRoute,
    agreementRoute,
    policiesRoute,
    policyRoute,
    whatIfRoute,
    draftRoute,
    diffRoute,
    eventRoute,
    logRoute,
    importRoute,
    ingestRoute,
    activityRoute,
    settingsRoute,
    compareRoute,
    pluralRoute.addChildren([subjectsRoute, subjectRoute, subjectReportRoute]),
  ]),
]);

/** The console's pages and what each takes from its address. */
export function makeRouter(queryClient: QueryClient) {
  return createRouter({
    routeTree,
    basepath: "/console",
    context: { queryClient },
    defaultPreload: "intent",
    defaultPreloadStaleTime: 0,
    scrollRestoration: true,
    defaultErrorComponent: ErrorPage,
    defaultNotFoundComponent: NotFoundPage,
    defaultPendingComponent: PendingPage,
    defaultPendingMs: 300,
  });
}

declare module "@tanstack/react-router" {
  interface Register {
    router: ReturnType<typeof makeRouter>;
  }
}
