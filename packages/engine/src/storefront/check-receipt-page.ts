import { renderDocument } from "./document.ts";
import { html, type Markup } from "./html.ts";
import { type Messages, messagesFor } from "./messages.ts";
import { checkReceiptPath, pathsOf, type Site } from "./paths.ts";

export interface CheckReceiptPage extends Site {
  /** Slug of the log whose own policy the reader may take. */
  readonly log: string;
}

/** What checks; it takes its words from the page. */
const scriptPath = "/widgets/check-receipt.js";

/** Words that the script takes, by name, where nobody sees them. */
function scriptWords(words: Messages["receipt"]["script"]): Markup {
  return html`<div hidden id="words">
    ${Object.entries(words).map(([name, text]) => html`<span data-word="${name}">${text}</span>`)}
  </div>`;
}

function receiptPart({ receipt: t }: Messages): Markup {
  return html`<section class="sheet" aria-labelledby="receipt-title">
    <h2 id="receipt-title">${t.receipt}</h2>
    <div class="drop" id="drop">
      <p id="receipt-hint">${t.receiptHint}</p>
      <label for="receipt">${t.chooseReceipt}</label>
      <input id="receipt" type="file" accept=".tlog-proof,text/plain" aria-describedby="receipt-hint" />
    </div>
  </section>`;
}

function policyPart({ receipt: t }: Messages, ownPolicy: string): Markup {
  return html`<section class="sheet" aria-labelledby="policy-title">
    <h2 id="policy-title">${t.policy}</h2>
    <p id="policy-hint">${t.policyHint}</p>
    <label for="policy-file">${t.choosePolicy}</label>
    <input id="policy-file" type="file" accept=".txt,text/plain" aria-describedby="policy-hint" />
    <label for="policy">${t.pastePolicy}</label>
    <textarea id="policy" spellcheck="false" autocomplete="off" rows="5"></textarea>
    <div class="own">
      <button class="plain" type="button" id="own" data-policy="${ownPolicy}">${t.ownPolicy}</button>
    </div>
    <p class="warned after" id="own-warning" role="status" hidden>${t.ownWarning}</p>
  </section>`;
}

/** The page on which a browser checks a receipt; without its script it says what does. */
export function renderCheckReceiptPage(page: CheckReceiptPage): string {
  const t = messagesFor(page.locale);
  const paths = pathsOf(page);
  const trust = paths.trust();
  return renderDocument(page, {
    title: t.receipt.title,
    description: t.receipt.description,
    path: checkReceiptPath,
    query: { log: page.log },
    here: "receipt",
    script: paths.script(scriptPath),
    main: html`<header class="page">
        <h1>${t.receipt.title}</h1>
        <p class="lead">${t.receipt.lead}</p>
        ${trust === undefined ? null : html`<p><a href="${trust}">${t.trust.linkText}</a></p>`}
      </header>
      <p class="notice plain" id="needs-script">${t.receipt.needsScript}</p>
      <form class="checker" id="checker" hidden>
        <div class="grid same">${receiptPart(t)}${policyPart(t, paths.log("trust-policy", page.log))}</div>
        <p><button id="check">${t.receipt.check}</button></p>
        <p class="notice bad" id="refused" role="alert" hidden></p>
        <section class="sheet finding" id="finding" aria-label="${t.receipt.result}" tabindex="-1" hidden></section>
        <p class="quiet" id="again" hidden>${t.receipt.again}</p>
      </form>
      ${scriptWords(t.receipt.script)}`,
  });
}
