import { figuresFor } from "./figures.ts";

const { count } = figuresFor("en");

/** Words of the visitor's tour: nobody else waits for them. */
export const tour = {
  label: "Guided tour",
  title: "Trust you can check",
  text: "This is a simulated marketplace with honest and crooked merchants. Five stops show what Probity does with its events.",
  length: (stops: number): string => `${count(stops)} stops, two minutes`,
  place: (stop: number, of: number): string => `${count(stop)} of ${count(of)}`,
  begin: "Begin",
  next: "Next",
  back: "Back",
  end: "Done",
  leave: "Leave the tour",
  stops: {
    reasons: {
      title: "A rating and its reasons",
      text: "The score is the sum of what stands below it. Open a line: indicators, then the events of the ledger that tell most.",
    },
    whatIf: {
      title: "What if the rules were others?",
      text: "A draft in which delivery weighs more, tried out on today's facts: who rises, who falls, and whose sales it touches, before anybody feels it.",
    },
    packs: {
      title: "The same facts under other rules",
      text: "How this merchant would stand by the published rules of other marketplaces. Rules are data; facts stay the same.",
    },
    live: {
      title: "Events arrive as you watch",
      text: "The demo goes on: every few seconds an order, a delivery or a review comes in. Watch the figures under Coming in; ratings follow within seconds.",
    },
    card: {
      title: "What shoppers see",
      text: "One line of code puts this card on a shop's page. It says what holds, with its bound, and leads to the reasons.",
    },
  },
};
