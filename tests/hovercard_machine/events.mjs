// Events for the state machine, and a run through them.

import { IDLE, dueAt, step, wishes } from "../../quart_popovers/static/hovercard/machine.js";

export const alice = { name: "alice" };
export const bo = { name: "bo" };

/** Events at given times; between them every deadline comes in its turn. */
export const run = (events, start = IDLE) => {
  let state = start;
  let at = 0;
  const log = [];
  const take = (event) => {
    const after = step(state, event);
    for (const { trigger, isOver } of wishes(state, after)) {
      log.push(`${event.at} ${isOver ? "let go" : "ask"} ${trigger.name}`);
    }
    const isOther = state.shown?.trigger !== after.shown?.trigger;
    if (isOther) {
      log.push(`${event.at} ${after.shown ? `show ${after.shown.trigger.name}` : "hide"}`);
    }
    if (after.shown && after.shown.filled !== (isOther ? 0 : state.shown?.filled)) {
      log.push(`${event.at} ${after.shown.filled ? "content" : "skeleton"}`);
    }
    state = after;
  };
  for (const event of events) {
    for (let due; (due = dueAt(state, at)) <= event.at; at = due) take({ type: "time", at: due });
    at = event.at;
    take(event);
  }
  return { state, log, name: state.stage };
};

export const at = (time, type, detail = {}) => ({ type, at: time, trigger: alice, ...detail });
export const until = (time) => ({ type: "time", at: time });

export const ARMING = [at(0, "moved")];
export const BY_FOCUS = [at(0, "focused")];
export const BY_TOUCH = [at(0, "pressed")];
/** Alice's card with its content, since 400. */
export const OPEN = [at(0, "moved"), at(150, "answered"), until(400)];
/** Alice's card, and the pointer on bo since 500. */
export const CHANGING = [...OPEN, at(500, "moved", { trigger: bo })];
export const CHANGING_BY_FOCUS = [...OPEN, at(500, "focused", { trigger: bo })];
/** Alice's card, left at 500. */
export const CLOSING = [...OPEN, at(500, "left")];
export const DISMISSED = [at(0, "dismissed")];
