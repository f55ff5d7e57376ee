import { getRouteApi, Link } from "@tanstack/react-router";
import { lazy, type ReactNode, Suspense } from "react";
import { useVoice } from "../messages/messages.tsx";
import { useCurrent } from "../session/current.tsx";
import { Appearance } from "../shell/appearance.tsx";
import { PageHead } from "../shell/page-head.tsx";
import { Card } from "../ui/card.tsx";
import { patiently } from "../ui/patient-load.ts";
import { Skeleton } from "../ui/states.tsx";
import { type Section, sections } from "./settings-search.ts";
import { useSettingsWords } from "./settings-words.ts";

const route = getRouteApi("/$marketplace/settings");

const AccountSection = lazy(async () => ({
  default: (await patiently(() => import("./account-section.tsx"))).AccountSection,
}));
const PeopleSection = lazy(async () => ({
  default: (await patiently(() => import("./people-section.tsx"))).PeopleSection,
}));
const KeysSection = lazy(async () => ({
  default: (await patiently(() => import("./keys-section.tsx"))).KeysSection,
}));
const MarketplacesSection = lazy(async () => ({
  default: (await patiently(() => import("./marketplaces-section.tsx"))).MarketplacesSection,
}));

function AppearanceSection(): ReactNode {
  const words = useSettingsWords();
  return (
    <Card id="appearance" title={words.appearance} hint={words.appearanceHint}>
      <div className="flex">
        <Appearance />
      </div>
    </Card>
  );
}

const bodies: Readonly<Record<Section, () => ReactNode>> = {
  appearance: () => <AppearanceSection />,
  account: () => <AccountSection />,
  people: () => <PeopleSection />,
  keys: () => <KeysSection />,
  marketplaces: () => <MarketplacesSection />,
};

/** Links, not tabs: each section can be opened beside this one. */
function SectionLinks({ shown, at }: { readonly shown: readonly Section[]; readonly at: Section }): ReactNode {
  const words = useSettingsWords();
  const { marketplace } = useCurrent();
  return (
    <nav aria-label={words.nav} className="no-print xl:sticky xl:top-5">
      <ul className="flex flex-wrap gap-1 xl:flex-col">
        {shown.map((section) => (
          <li key={section}>
            <Link
              to="/$marketplace/settings"
              params={{ marketplace: marketplace.slug }}
              search={section === "appearance" ? {} : { section }}
              activeOptions={{ exact: true }}
              {...(section === at ? { "aria-current": "page" as const } : {})}
              className="flex h-8 items-center rounded-control px-3 whitespace-nowrap text-ink-2 no-underline hover:bg-sunk hover:text-ink aria-[current=page]:bg-jade-soft aria-[current=page]:font-semibold aria-[current=page]:text-jade"
            >
              {words.sections[section]}
            </Link>
          </li>
        ))}
      </ul>
    </nav>
  );
}

function SettingsBody(): ReactNode {
  const { session, marketplace } = useCurrent();
  const { section } = route.useSearch();
  // A visitor has no account of its own.
  const shown = sections.filter((one) => one !== "account" || session.person?.isVisitor === false);
  const at = shown.find((one) => one === section) ?? "appearance";
  return (
    <div className="grid grid-cols-[minmax(0,1fr)] items-start gap-x-8 gap-y-4 xl:grid-cols-[160px_minmax(0,1fr)]">
      <SectionLinks shown={shown} at={at} />
      {/* What is typed or shown belongs to one marketplace: another one begins anew. */}
      <div key={marketplace.slug} className="grid grid-cols-[minmax(0,1fr)] gap-4">
        <Suspense fallback={<Skeleton rows={4} />}>{bodies[at]()}</Suspense>
      </div>
    </div>
  );
}

/** What is one's own, and who and what may enter the marketplace. */
export function SettingsPage(): ReactNode {
  const { t } = useVoice();
  return (
    <>
      <PageHead title={t.pages.settings} />
      <Suspense fallback={<Skeleton rows={3} />}>
        <SettingsBody />
      </Suspense>
    </>
  );
}
