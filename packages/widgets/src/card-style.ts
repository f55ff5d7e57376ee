import { font, themeCss } from "./theme.ts";

/** Height of the card before and after its data, so that nothing below it moves. */
export const cardHeightPx = 344;

export const cardCss: string = `
${themeCss}
:host{display:block;box-sizing:border-box;max-width:420px}
.card{display:flex;flex-direction:column;min-height:${cardHeightPx}px;background:var(--sheet);color:var(--ink);border:1px solid var(--line);border-radius:14px;overflow:hidden;font:13.5px/1.45 ${font};font-variant-numeric:tabular-nums;text-align:start;overflow-wrap:anywhere}
.wait{align-items:center;justify-content:center;color:var(--ink-3)}
.top{display:flex;gap:14px;padding:16px 18px 12px;align-items:center;min-height:94px}
.seal{display:grid;place-items:center;flex:none;width:54px;height:54px;border:2.5px solid;outline:1px solid;outline-offset:-6px;border-radius:11px;transform:rotate(-3deg);font-weight:750;font-size:19px;line-height:1.1;text-align:center;color:var(--jade)}
.seal.l3{font-size:15px}
.seal.fair{color:var(--ink-2)}.seal.weak{color:var(--amber)}.seal.bad{color:var(--cinnabar)}
.seal.early{color:var(--ink-3);border-style:dashed;outline:0;font-size:12px;font-weight:600}
.who{min-width:0;flex:1}
.name{display:block;font-size:16px;font-weight:650;white-space:nowrap;overflow:hidden;text-overflow:ellipsis;unicode-bidi:isolate}
.sub{color:var(--ink-2);font-size:13px}
.sub b{color:var(--ink);font-size:15px}
ul{list-style:none}
.warn li{background:var(--soft);color:var(--cinnabar);padding:8px 18px;font-size:13px}
.warn li+li{padding-top:0}
.rows{padding:0 18px;flex:1}
.rows li{display:flex;flex-wrap:wrap;justify-content:space-between;gap:0 12px;padding:8px 0;border-top:1px solid var(--line)}
.rows b{font-weight:620}
.rows .low{color:var(--cinnabar)}
.rows em{font-style:normal;color:var(--ink-3)}
.note{padding:0 18px 14px;color:var(--ink-2)}
.bar{flex-basis:100%;height:6px;border-radius:3px;background:var(--sunk);margin:5px 0 2px;overflow:hidden}
.bar i{display:block;height:100%;background:var(--jade)}
.check{padding:0 18px 10px;min-height:28px;color:var(--ink-2);font-size:12px}
.check[data-state=right]{color:var(--jade)}
.check[data-state=right]::before{content:"✓ "/""}
.check[data-state=wrong]{color:var(--cinnabar);font-weight:620}
.foot{display:flex;gap:8px;align-items:center;flex-wrap:wrap;padding:9px 18px;background:var(--sunk);color:var(--ink-2);font-size:12px}
.chop{display:grid;place-items:center;width:18px;height:18px;border-radius:4px;background:var(--chop);color:#faf9f6;font-weight:700;font-size:11px}
a{color:var(--jade);margin-inline-start:auto;text-underline-offset:3px}
a:focus-visible,::slotted(a:focus-visible){outline:2px solid var(--jade);outline-offset:2px;border-radius:3px}
@media (forced-colors:active){.seal,.card{border-color:CanvasText}.bar i{background:CanvasText}}
`;
