import type { EndpointAnswer, Invite, Role } from "@probity/contract";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { type ReactNode, type SubmitEvent, useState } from "react";
import { clientFor } from "../api/client.ts";
import { useVoice } from "../messages/messages.tsx";
import { useCurrent } from "../session/current.tsx";
import { Button } from "../ui/button.tsx";
import { Card } from "../ui/card.tsx";
import { TextField } from "../ui/field.tsx";
import { SelectField } from "../ui/select.tsx";
import { notify } from "../ui/toast.tsx";
import { ProblemNote, useProblemNotice } from "./notes.tsx";
import { isEmail, rolesWithin } from "./rights.ts";
import { ActWords, RowTable } from "./row-table.tsx";
import { SecretDialog } from "./secret-dialog.tsx";
import { peopleQuery } from "./settings-queries.ts";
import { useSettingsWords } from "./settings-words.ts";

function InviteForm({ onMade }: { readonly onMade: (made: EndpointAnswer<"invitePerson">) => void }): ReactNode {
  const { t } = useVoice();
  const words = useSettingsWords();
  const { marketplace } = useCurrent();
  const [email, setEmail] = useState("");
  const [role, setRole] = useState<Role>("viewer");
  const [tried, setTried] = useState(false);
  const wanted = email.trim();
  const error = wanted === "" ? t.session.required : isEmail(wanted) ? undefined : t.session.emailInvalid;
  const invite = useMutation({
    mutationFn: async () => {
      onMade(await clientFor(marketplace.slug).call("invitePerson", { body: { email: wanted, role } }));
    },
    onSuccess: () => {
      setEmail("");
      setTried(false);
    },
  });
  const submit = (event: SubmitEvent): void => {
    event.preventDefault();
    setTried(true);
    if (error === undefined && !invite.isPending) invite.mutate();
  };
  return (
    <form onSubmit={submit} noValidate className="flex flex-col gap-3">
      <div className="grid items-start gap-3 sm:grid-cols-[minmax(0,20rem)_10rem_auto] sm:justify-start">
        <TextField
          label={t.session.email}
          type="email"
          value={email}
          onChange={setEmail}
          autoComplete="off"
          maxLength={254}
          error={tried ? error : undefined}
        />
        <SelectField
          label={words.invites.role}
          value={role}
          options={rolesWithin(marketplace.scopes).map((value) => ({ value, label: words.roles[value] }))}
          onChange={setRole}
        />
        <p className="text-xs text-ink-3 sm:order-last sm:col-span-3" aria-live="polite">
          {words.roleHints[role]}
        </p>
        <div className="sm:pt-6">
          <Button look="primary" type="submit" busy={invite.isPending}>
            {words.invites.submit}
          </Button>
        </div>
      </div>
      <ProblemNote error={invite.error} />
    </form>
  );
}

function OpenInvites({ invites }: { readonly invites: readonly Invite[] }): ReactNode {
  const { f } = useVoice();
  const words = useSettingsWords();
  const { marketplace, can } = useCurrent();
  const queries = useQueryClient();
  const tell = useProblemNotice();
  const withdraw = useMutation({
    mutationFn: (invite: string) =>
      clientFor(marketplace.slug).call("withdrawInvite", { params: { invite }, body: {} }),
    onSuccess: () => notify({ title: words.invites.withdrawn }),
    onError: tell,
    onSettled: () => queries.invalidateQueries({ queryKey: peopleQuery(marketplace.slug).queryKey }),
  });
  const columns = [
    {
      id: "email",
      title: words.invites.columns.email,
      cell: ({ email }: Invite) => <bdi className="wrap-anywhere">{email}</bdi>,
    },
    { id: "role", title: words.invites.role, cell: ({ role }: Invite) => words.roles[role] },
    {
      id: "until",
      title: words.invites.columns.until,
      cell: ({ expiresAt }: Invite) => <span className="text-ink-2">{f.moment(expiresAt)}</span>,
    },
  ];
  const acts = ({ invite, email }: Invite): ReactNode => (
    <Button
      small
      look="danger"
      busy={withdraw.isPending && withdraw.variables === invite}
      onClick={() => withdraw.mutate(invite)}
    >
      <ActWords short={words.invites.withdraw} full={words.invites.withdrawLabel(email)} />
    </Button>
  );
  return (
    <Card id="invites" title={words.invites.open}>
      {invites.length === 0 ? (
        <p className="text-ink-2">{words.invites.none}</p>
      ) : (
        <RowTable
          labelledBy="invites-title"
          columns={columns}
          rows={invites}
          rowKey={({ invite }) => invite}
          {...(can("people:write") ? { acts } : {})}
        />
      )}
    </Card>
  );
}

/** Who is invited, and inviting: the answer is a link that is shown once. */
export function InviteCards(): ReactNode {
  const { f } = useVoice();
  const words = useSettingsWords().invites;
  const { marketplace, can } = useCurrent();
  const queries = useQueryClient();
  const people = useQuery(peopleQuery(marketplace.slug));
  const [made, setMade] = useState<EndpointAnswer<"invitePerson"> | undefined>(undefined);
  return (
    <>
      {can("people:write") ? (
        <Card id="invite" title={words.title} hint={words.hint}>
          <InviteForm
            onMade={(answer) => {
              setMade(answer);
              void queries.invalidateQueries({ queryKey: peopleQuery(marketplace.slug).queryKey });
            }}
          />
        </Card>
      ) : null}
      {people.data === undefined ? null : <OpenInvites invites={people.data.invites} />}
      <SecretDialog
        title={words.madeTitle}
        {...(made === undefined ? {} : { text: words.made(made.invite.email, f.moment(made.invite.expiresAt)) })}
        secret={made?.link}
        onClose={() => setMade(undefined)}
      />
    </>
  );
}
