import { font, themeCss } from "./theme.ts";

/** Height of a note of one line before and after its data. */
export const noteHeightPx = 28;

export const noteCss: string = `
${themeCss}
:host{display:block;box-sizing:border-box;min-height:${noteHeightPx}px}
:host([empty]){display:none}
p{display:inline-block;min-height:${noteHeightPx}px;padding:3px 9px;border:1px solid var(--line);border-radius:8px;background:var(--sheet);color:var(--ink-2);font:12.5px/20px ${font};font-variant-numeric:tabular-nums;text-align:start;overflow-wrap:anywhere}
b{font-weight:600;color:var(--ink)}
.yes::before{content:"✓ ";content:"✓ "/"";color:var(--jade);font-weight:700}
.less{color:var(--amber)}
.off{color:var(--cinnabar)}
i{font:12.5px Arial,Helvetica,sans-serif;color:var(--ink-3);margin:0 1px}
a,::slotted(a){color:var(--jade);white-space:nowrap;text-underline-offset:3px}
a:focus-visible,::slotted(a:focus-visible){outline:2px solid var(--jade);outline-offset:2px;border-radius:3px}
@media (forced-colors:active){p{border-color:CanvasText}}
`;
