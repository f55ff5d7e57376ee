import type { Person, Role } from "@probity/contract";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { clientFor } from "../api/client.ts";
import { problemWords } from "../api/problem-words.ts";
import { sessionQuery } from "../api/queries.ts";
import { useVoice } from "../messages/messages.tsx";
import { useCurrent } from "../session/current.tsx";
import { Button } from "../ui/button.tsx";
import { Card } from "../ui/card.tsx";
import { Chip } from "../ui/chip.tsx";
import { SelectField } from "../ui/select.tsx";
import { ErrorState, Skeleton } from "../ui/states.tsx";
import { notify } from "../ui/toast.tsx";
import { ConfirmDialog } from "./confirm-dialog.tsx";
import { type DialogTarget, useDialogTarget } from "./dialog-target.ts";
import { useProblemNotice } from "./notes.tsx";
import { rolesWithin, scopesOfRole } from "./rights.ts";
import { ActWords, RowTable } from "./row-table.tsx";
import { peopleQuery } from "./settings-queries.ts";
import { useSettingsWords } from "./settings-words.ts";

interface Change {
  readonly person: Person;
  readonly role: Role;
}

/** After a change of people: the list, and where it was oneself also what one may do. */
function useSettled(): (person: Person) => Promise<void> {
  const queries = useQueryClient();
  const { session, marketplace } = useCurrent();
  return async ({ person }) => {
    await queries.invalidateQueries({ queryKey: peopleQuery(marketplace.slug).queryKey });
    if (person === session.person?.id) await queries.invalidateQueries({ queryKey: sessionQuery.queryKey });
  };
}

/** Gives a role; the notice offers the one before. */
function useRoleChange() {
  const { t } = useVoice();
  const words = useSettingsWords();
  const { session, marketplace } = useCurrent();
  const tell = useProblemNotice();
  const settled = useSettled();
  /** Whether it takes from oneself what is needed to take it back. */
  const gives = (person: Person, role: Role): boolean =>
    person.person === session.person?.id && !scopesOfRole[role].includes("people:write");
  const change = useMutation({
    mutationFn: ({ person, role }: Change) =>
      clientFor(marketplace.slug).call("setRole", { params: { person: person.person }, body: { role } }),
    onSuccess: (_, { person, role }) => {
      notify({
        title: words.people.roleSet(person.name, words.roles[role]),
        ...(gives(person, role)
          ? {}
          : {
              undo: { label: t.ui.undo, act: () => change.mutate({ person: { ...person, role }, role: person.role }) },
            }),
      });
    },
    onError: tell,
    onSettled: (_, __, { person }) => settled(person),
  });
  return { change, gives };
}

function RemoveDialog({ isOpen, target, close }: DialogTarget<Person>): ReactNode {
  const words = useSettingsWords().people;
  const { session, marketplace } = useCurrent();
  const settled = useSettled();
  const remove = useMutation({
    mutationFn: (person: Person) =>
      clientFor(marketplace.slug).call("removePerson", { params: { person: person.person }, body: {} }),
    onSuccess: (_, person) => {
      close();
      notify({ title: words.removed(person.name) });
    },
    onSettled: (_, __, person) => settled(person),
  });
  const isSelf = target?.person === session.person?.id;
  return (
    <ConfirmDialog
      open={isOpen}
      title={words.removeTitle(target?.name ?? "")}
      text={isSelf ? words.removeSelf(marketplace.name) : words.removeText(marketplace.name)}
      submit={words.remove}
      danger
      busy={remove.isPending}
      error={remove.error}
      onSubmit={() => target && remove.mutate(target)}
      onClose={() => {
        close();
        remove.reset();
      }}
    />
  );
}

interface RolesProps {
  readonly person: Person;
  readonly busy: boolean;
  readonly onChange: (role: Role) => void;
}

function RoleCell({ person, busy, onChange }: RolesProps): ReactNode {
  const words = useSettingsWords();
  const { marketplace, can } = useCurrent();
  const given = rolesWithin(marketplace.scopes);
  if (!can("people:write") || !given.includes(person.role)) return words.roles[person.role];
  return (
    <div className="w-36">
      <SelectField
        hideLabel
        label={words.people.roleOf(person.name)}
        value={person.role}
        disabled={busy}
        options={given.map((value) => ({ value, label: words.roles[value] }))}
        onChange={onChange}
      />
    </div>
  );
}

function NameCell({ person }: { readonly person: Person }): ReactNode {
  const words = useSettingsWords().people;
  const { session } = useCurrent();
  return (
    <div className="min-w-0">
      <p className="flex flex-wrap items-center gap-x-2">
        <bdi className="min-w-0 wrap-anywhere">{person.name}</bdi>
        {person.person === session.person?.id ? <Chip look="good">{words.you}</Chip> : null}
      </p>
      <p className="text-xs font-normal wrap-anywhere text-ink-3">{person.email}</p>
    </div>
  );
}

function PeopleTable({ people }: { readonly people: readonly Person[] }): ReactNode {
  const { f } = useVoice();
  const words = useSettingsWords();
  const { can } = useCurrent();
  const { change, gives } = useRoleChange();
  const removal = useDialogTarget<Person>();
  const giving = useDialogTarget<Change>();
  const columns = [
    { id: "name", title: words.people.columns.name, cell: (person: Person) => <NameCell person={person} /> },
    {
      id: "role",
      title: words.people.columns.role,
      cell: (person: Person) => (
        <RoleCell
          person={person}
          busy={change.isPending && change.variables.person.person === person.person}
          onChange={(role) => {
            if (role === person.role) return;
            if (gives(person, role)) giving.show({ person, role });
            else change.mutate({ person, role });
          }}
        />
      ),
    },
    {
      id: "factor",
      title: words.people.columns.factor,
      cell: ({ secondFactor }: Person) => (
        <Chip look={secondFactor ? "good" : "plain"}>{secondFactor ? words.factor.isOn : words.factor.isOff}</Chip>
      ),
    },
    {
      id: "seen",
      title: words.people.columns.seen,
      cell: ({ lastSeenAt }: Person) => (
        <span className="text-ink-2">{lastSeenAt === null ? words.never : f.moment(lastSeenAt)}</span>
      ),
    },
  ];
  const acts = (person: Person): ReactNode => (
    <Button small look="danger" onClick={() => removal.show(person)}>
      <ActWords short={words.people.remove} full={words.people.removeLabel(person.name)} />
    </Button>
  );
  return (
    <>
      <RowTable
        labelledBy="people-title"
        columns={columns}
        rows={people}
        rowKey={({ person }) => person}
        {...(can("people:write") ? { acts } : {})}
      />
      <RemoveDialog {...removal} />
      <ConfirmDialog
        open={giving.isOpen}
        title={words.people.selfTitle}
        text={words.people.selfText(giving.target === undefined ? "" : words.roles[giving.target.role])}
        submit={words.people.selfSubmit}
        danger
        busy={change.isPending}
        error={null}
        onSubmit={() => giving.target && change.mutate(giving.target, { onSettled: giving.close })}
        onClose={giving.close}
      />
    </>
  );
}

/** Who has a role in the marketplace. */
export function PeopleCard(): ReactNode {
  const { t } = useVoice();
  const words = useSettingsWords().people;
  const { marketplace } = useCurrent();
  const people = useQuery(peopleQuery(marketplace.slug));
  return (
    <Card
      id="people"
      title={words.title}
      hint={people.data === undefined ? undefined : words.hint(people.data.items.length, marketplace.name)}
    >
      {people.data !== undefined ? (
        <PeopleTable people={people.data.items} />
      ) : people.isError ? (
        <ErrorState text={problemWords(people.error, t)} onRetry={() => void people.refetch()} />
      ) : (
        <Skeleton rows={3} rowPx={56} />
      )}
    </Card>
  );
}
