import type { ReactNode } from "react";
import { useCurrent } from "../session/current.tsx";
import { InviteCards } from "./invite-card.tsx";
import { LookOnly } from "./notes.tsx";
import { PeopleCard } from "./people-card.tsx";
import { RoleRightsCard } from "./role-rights-card.tsx";
import { useSettingsWords } from "./settings-words.ts";

/** People of the marketplace, invites, and what each role may do. */
export function PeopleSection(): ReactNode {
  const words = useSettingsWords();
  const { session, can } = useCurrent();
  const isVisitor = session.person?.isVisitor === true;
  const why = can("people:read") ? words.people.readOnly : words.people.hidden;
  return (
    <>
      {can("people:write") ? null : <LookOnly>{isVisitor ? words.visitor : why}</LookOnly>}
      {can("people:read") ? (
        <>
          <PeopleCard />
          <InviteCards />
        </>
      ) : null}
      <RoleRightsCard />
    </>
  );
}
