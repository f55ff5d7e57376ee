import type { LogStatus, PolicyRecord } from "@probity/contract";
import { renderDocument } from "./document.ts";
import { type Figures, figuresFor } from "./figures.ts";
import { definitions, html, type Markup } from "./html.ts";
import { type Messages, messagesFor } from "./messages.ts";
import { type Paths, pathsOf, type Site, trustPath } from "./paths.ts";

export interface TrustPage extends Site {
  readonly marketplace: string;
  /** Null while the public log has not begun. */
  readonly log: LogStatus | null;
  /** Published ones of all kinds, the newest first. */
  readonly policies: readonly PolicyRecord[];
}

interface View extends TrustPage {
  readonly t: Messages;
  readonly f: Figures;
  readonly paths: Paths;
}

const kinds = ["merchant", "product", "promoter"] as const;

const time = (iso: string, f: Figures): Markup => html`<time datetime="${iso}">${f.moment(iso)}</time>`;

function witnesses({ witnesses: all, quorum }: LogStatus, { t, f }: View): Markup {
  if (all.length === 0) return html`${t.trust.witnessesNone}`;
  return html`<ul>
      ${all.map(({ name, cosignedAt }) => html`<li>${cosignedAt === null ? t.trust.witnessMissing(name) : t.trust.witness(name, f.moment(cosignedAt))}</li>`)}
    </ul>
    <span class="quiet">${t.trust.quorum(quorum)}</span>`;
}

function newest(view: View): Markup {
  const { log, paths, t, f } = view;
  const { published, shards } = log ?? { published: null, shards: [] };
  const key = shards.at(-1)?.verifierKey;
  const rows: (readonly [string, Markup | string])[] = [];
  if (published !== null) {
    rows.push(
      [t.trust.size, html`<strong>${f.count(published.size)}</strong>`],
      [t.trust.root, html`<code class="hash">${published.root}</code>`],
      [t.trust.signed, time(published.signedAt, f)],
    );
    if (published.publishedAt !== null) rows.push([t.trust.published, time(published.publishedAt, f)]);
  }
  if (key !== undefined) rows.push([t.trust.key, html`<code class="hash">${key}</code>`]);
  if (log !== null) rows.push([t.trust.witnesses, witnesses(log, view)]);
  const links = html`<p class="after">
    <a href="${paths.log("checkpoint")}">${t.trust.checkpointText}</a> ·
    <a href="${paths.log("trust-policy")}">${t.trust.policyText}</a>
  </p>`;
  return html`<section class="sheet" aria-labelledby="newest">
    <h2 id="newest">${t.trust.newest}</h2>
    <p class="lead">${log === null ? t.trust.notBegun : published === null ? t.trust.none : t.trust.newestLead}</p>
    ${rows.length === 0 ? null : definitions("standing", rows)} ${published === null ? null : links}
    ${log === null ? null : html`<h3 class="minor">${t.trust.readers}</h3>`}
    ${log === null ? null : html`<p>${t.trust.audiences[log.audience]}</p>`}
  </section>`;
}

function audit({ baseUrl, marketplace, log, paths, t }: View): Markup {
  const origin = baseUrl.replace(/\/at\/[^/]+$/, "");
  const isPublic = log?.audience !== "auditors";
  const policy = `--policy trust-policy.txt${isPublic ? "" : " --key KEY"}`;
  const commands: [string, string][] = [
    [t.trust.auditSteps.policy, `curl -fsSo trust-policy.txt \\\n  ${origin}/log/${marketplace}/trust-policy`],
    [t.trust.auditSteps.audit, `probity audit ${origin} \\\n  --marketplace ${marketplace} ${policy}`],
    [
      t.trust.auditSteps.python,
      `python3 auditors/python/probity_audit.py \\\n  ${origin} \\\n  --marketplace ${marketplace} ${policy}`,
    ],
  ];
  return html`<section class="sheet" aria-labelledby="audit">
    <h2 id="audit">${t.trust.audit}</h2>
    <p class="lead">${t.trust.auditLead}</p>
    <ol class="commands">
      ${commands.map(
        ([what, command]) =>
          html`<li>
            <p>${what}</p>
            <pre class="command">${command}</pre>
          </li>`,
      )}
    </ol>
    ${isPublic ? null : html`<p class="after">${t.trust.auditKey}</p>`}
    <h3 class="minor">${t.trust.receipt}</h3>
    <p>${t.trust.receiptText} <a href="${paths.checkReceipt()}">${t.trust.receiptLink}</a></p>
  </section>`;
}

function policyItem(record: PolicyRecord, { paths, t, f }: View): Markup {
  const { effectiveDay, noticeDays, policy, state, title } = record;
  const facts = [
    effectiveDay === null || effectiveDay === "1970-01-01"
      ? `${t.trust.colSince} ${t.trust.always}`
      : t.rules.since(f.day(effectiveDay)),
    ...(noticeDays === null || noticeDays === 0 ? [] : [t.rules.noticeDays(noticeDays)]),
  ];
  return html`<li>
    <p>
      <strong>${f.words(title)}</strong>
      <span class="chip${state === "in-force" ? " good" : ""}">${t.rules.states[state]}</span>
    </p>
    <p class="quiet">${facts.join(" · ")}</p>
    <p>
      <a href="${paths.log(`policies/${policy}`)}"><code>${policy}</code></a>
    </p>
  </li>`;
}

function rules(view: View): Markup {
  const { policies, paths, t } = view;
  const groups = kinds.flatMap((kind) => {
    const of = policies.filter(({ subject }) => subject === kind);
    if (of.length === 0) return [];
    return [
      html`<h3 class="kind">${t.trust.kinds[kind]}</h3>
        <ul class="versions plain">
          ${of.map((record) => policyItem(record, view))}
        </ul>`,
    ];
  });
  return html`<section class="sheet" aria-labelledby="rules">
    <h2 id="rules">${t.trust.rules}</h2>
    <p class="lead">${t.trust.rulesLead} <a href="${paths.howWeRate()}">${t.trust.inWords}</a></p>
    ${groups.length === 0 ? html`<p class="quiet">${t.trust.noRules}</p>` : groups}
  </section>`;
}

function list(id: string, title: string, items: readonly string[]): Markup {
  return html`<section class="sheet" aria-labelledby="${id}">
    <h2 id="${id}">${title}</h2>
    <ul class="plain-list">
      ${items.map((item) => html`<li>${item}</li>`)}
    </ul>
  </section>`;
}

function sanctions({ t }: View): Markup {
  return html`<section class="sheet" aria-labelledby="sanctions">
    <h2 id="sanctions">${t.trust.sanctions}</h2>
    <p>${t.trust.sanctionsText}</p>
  </section>`;
}

/** What is published so that nobody need believe the marketplace: rules, log, and how to check both. */
export function renderTrustPage(page: TrustPage): string {
  const view: View = { ...page, t: messagesFor(page.locale), f: figuresFor(page.locale), paths: pathsOf(page) };
  const { t } = view;
  return renderDocument(page, {
    title: t.trust.title,
    description: t.trust.description(page.marketplaceName),
    path: trustPath(page.marketplace),
    here: "trust",
    main: html`<header class="page">
        <h1>${t.trust.title}</h1>
        <p class="lead">${t.trust.lead}</p>
      </header>
      <div class="grid even">
        <div class="column">${newest(view)}${rules(view)}${sanctions(view)}</div>
        <div class="column">
          ${audit(view)}${list("proves", t.trust.proves, t.trust.provesList)}${list("proves-not", t.trust.not, t.trust.notList)}
        </div>
      </div>`,
  });
}
