/**
 * What the card does next: events in, a new state out. No page, no clock, no network.
 *
 *          moved, focused, pressed            rested and waited
 *   idle ─────────────────────────▶ arming ────────────────────▶ open ◀── returned ──┐
 *    ▲ ◀── left, blurred, released ───┘ ▲                         │ │                │
 *    │                                  └──── moved elsewhere ────┘ └─── left ──▶ closing
 *    │                   (the old card stays until the new is ready)                 │
 *    └───────────────────────────── grace over, blurred ─────────────────────────────┘
 *   asked: from anywhere to open.  dismissed: from anywhere to idle, suppressed until left.
 *
 * A state names what is armed, shown and due; deadlines are data, so one timer serves them all.
 * @import { Armed, By, Event, Shown, State, Wish } from "./types"
 */
import {
  CHANGE_MS, GRACE_MS, OPEN_MS, PRESS_MS, REST_MS, SKELETON_MS, WARM_MS,
} from "./timing.js";

/** @type {State} */
export const IDLE = {
  armed: null, shown: null, graceAt: Infinity, warmUntil: 0, suppressed: null, early: true,
};

/**
 * A link whose card is open already only keeps it open.
 * @type {(state: State, event: Event, by: By, waitMs: number, warm?: boolean) => State}
 */
const arm = (state, { trigger, at }, by, waitMs, warm = false) => ({
  ...state,
  graceAt: Infinity,
  armed: !trigger || trigger === state.shown?.trigger ? null : {
    trigger, by, warm, restAt: at + REST_MS, openAt: at + waitMs,
    wished: false, answered: false, retryAt: Infinity,
  },
});

/** @type {(state: State, event: Event, by: By) => State} */
const disarm = (state, { trigger, at }, by) => {
  const { armed, shown, graceAt } = state;
  if (!armed || armed.by !== by || (trigger && armed.trigger !== trigger)) return state;
  return { ...state, armed: null, graceAt: shown ? Math.min(graceAt, at + GRACE_MS) : Infinity };
};

/** @type {(state: State, change: Partial<Shown>) => State} */
const change = (state, part) =>
  state.shown ? { ...state, shown: { ...state.shown, ...part } } : state;

/** @type {Record<Event["type"], (state: State, event: Event) => State>} */
const arrows = {
  moved(state, event) {
    const { armed, shown, warmUntil } = state;
    if (armed && event.trigger === armed.trigger) {
      if (armed.by !== "pointer") return state;
      return { ...state, armed: { ...armed, restAt: event.at + REST_MS } };
    }
    const isWarm = !!shown || event.at < warmUntil;
    return arm(state, event, "pointer", shown ? CHANGE_MS : OPEN_MS, isWarm);
  },

  focused(state, event) {
    const { armed, shown } = state;
    const by = "focus";
    if (event.trigger === shown?.trigger) return arrows.returned(change(state, { by }), event);
    if (armed && event.trigger === armed.trigger) return { ...state, armed: { ...armed, by } };
    return arm(state, event, by, OPEN_MS);
  },

  pressed: (state, event) => arm(state, event, "touch", PRESS_MS),

  asked(state, event) {
    const asking = arm({ ...state, suppressed: null }, event, event.by ?? "focus", 0);
    return { ...asking, armed: asking.armed && { ...asking.armed, restAt: event.at } };
  },

  returned: (state) => ({ ...state, armed: null, graceAt: Infinity }),

  left(state, event) {
    const { armed, shown, graceAt } = disarm(state, event, "pointer");
    const isHeld = event.held || !shown || armed;
    const closesAt = isHeld ? Infinity : Math.min(graceAt, event.at + GRACE_MS);
    return { ...unsuppress(state, event), armed, graceAt: closesAt };
  },

  blurred(state, event) {
    const { armed } = disarm(state, event, "focus");
    // A keyboard has no path to travel, and an old card could cover the new focus.
    const shown = event.held ? state.shown : null;
    return { ...unsuppress(state, event), armed, shown, graceAt: shown ? state.graceAt : Infinity };
  },

  released: (state, event) => disarm(state, event, "touch"),

  scrolled: (state, event) => disarm(disarm(state, event, "pointer"), event, "touch"),

  answered(state, { trigger, at, retryMs = Infinity, isKept }) {
    const { armed, shown } = state;
    const retryAt = at + retryMs;
    if (armed && trigger === armed.trigger) {
      return { ...state, armed: { ...armed, answered: true, retryAt } };
    }
    if (!shown || trigger !== shown.trigger) return state;
    // What was kept is there at once: no skeleton, so none to hold.
    const since = isKept ? -Infinity : shown.since;
    return change(state, { answers: shown.answers + 1, since, retryAt });
  },

  retried: (state, event) =>
    change(arrows.refreshed(state, event), { since: event.at, answers: 0, filled: 0 }),

  refreshed: (state) =>
    change(state, { tries: (state.shown?.tries ?? 0) + 1, retryAt: Infinity }),

  dismissed: ({ early }, { trigger = null }) => ({ ...IDLE, early, suppressed: trigger }),

  time: (state) => state,
};

/** @type {(state: State, event: Event) => State} */
const unsuppress = (state, { trigger }) =>
  trigger === state.suppressed ? { ...state, suppressed: null } : state;

/** @type {(armed: Armed, at: number) => Shown} */
const open = ({ trigger, by, warm, answered, retryAt }, at) => {
  const answers = Number(answered);
  return { trigger, by, animated: !warm, since: at, answers, filled: answers, tries: 0, retryAt };
};

/** What time alone brings about. @type {(state: State, at: number) => State} */
const settle = (state, at) => {
  let { armed, shown, graceAt, warmUntil, early } = state;
  if (armed && at >= armed.restAt) {
    if (at >= armed.openAt || (armed.warm && armed.answered)) {
      shown = open(armed, at);
      armed = null;
    } else if (early || armed.warm) {
      armed = { ...armed, wished: true };
    }
  }
  if (shown && at >= shown.retryAt) shown = { ...shown, tries: shown.tries + 1, retryAt: Infinity };
  if (shown && (shown.filled || at >= shown.since + SKELETON_MS)) {
    shown = { ...shown, filled: shown.answers };
  }
  if (at >= graceAt) {
    shown = null;
    graceAt = Infinity;
    warmUntil = at + WARM_MS;
  }
  return { ...state, armed, shown, graceAt, warmUntil };
};

/** @type {(state: State, event: Event) => State} */
export const step = (state, event) => {
  const isUnwelcome = /moved|focused/.test(event.type) && event.trigger === state.suppressed;
  return settle(isUnwelcome ? state : arrows[event.type](state, event), event.at);
};

/** When time alone will change the state next. @type {(state: State, at: number) => number} */
export const dueAt = ({ armed, shown, graceAt }, at) => {
  const skeletonAt = shown && shown.answers > shown.filled ? shown.since + SKELETON_MS : Infinity;
  const dues = [graceAt, skeletonAt, shown?.retryAt, armed?.restAt, armed?.openAt];
  return Math.min(...dues.map((due) => (due && due > at ? due : Infinity)));
};

/** Whose answer is waited for, and which try. @type {(state: State) => Map<HTMLElement, number>} */
const wanted = ({ armed, shown }) => {
  const tries = new Map();
  if (shown) tries.set(shown.trigger, shown.tries);
  if (armed?.wished) tries.set(armed.trigger, 0);
  return tries;
};

/**
 * Requests to begin, also once more, and to let go of; beginning first lets them share.
 * @type {(before: State, after: State) => Wish[]}
 */
export const wishes = (before, after) => {
  const [old, now] = [wanted(before), wanted(after)];
  const begun = [...now.keys()].filter((trigger) => old.get(trigger) !== now.get(trigger));
  const over = [...old.keys()].filter((trigger) => !now.has(trigger));
  return [
    ...begun.map((trigger) => ({ trigger, isOver: false })),
    ...over.map((trigger) => ({ trigger, isOver: true })),
  ];
};

/** The name of the state, as in the drawing. @type {(state: State) => string} */
export const nameOf = ({ armed, shown, graceAt }) =>
  armed ? "arming" : !shown ? "idle" : graceAt < Infinity ? "closing" : "open";
