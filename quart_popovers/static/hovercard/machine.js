/**
 * What the card does next: events in, a new state out. No page, no clock, no network.
 *
 *   idle ───── moved, focused, pressed ────────────▶ arming
 *   arming ─── waited ─────────────────────────────▶ open
 *   arming ─── left, blurred, released, scrolled ──▶ idle
 *   open ───── left ───────────────────────────────▶ closing
 *   open ───── blurred ────────────────────────────▶ idle
 *   open ───── moved or focused elsewhere ─────────▶ changing
 *   changing ─ waited, or rested and answered ─────▶ open, the new card
 *   changing ─ returned ───────────────────────────▶ open, the old card
 *   changing ─ left, released, scrolled ───────────▶ closing
 *   changing ─ blurred ────────────────────────────▶ arming; idle where focus had armed
 *   closing ── returned ───────────────────────────▶ open
 *   closing ── moved or focused elsewhere ─────────▶ changing
 *   closing ── grace over, blurred ────────────────▶ idle
 *   any ────── asked ──────────────────────────────▶ open
 *   any ────── dismissed ──────────────────────────▶ idle, its link suppressed until it is left
 *
 * Deadlines are part of the state, so a single timer is enough.
 * @import { Armed, By, Event, Shown, State, Wish } from "./types"
 */
import { GRACE_MS, OPEN_MS, PRESS_MS, REST_MS, SKELETON_MS, WARM_MS } from "./timing.js";

/**
 * No card is shown and no link is about to open one.
 * @type {(state: Pick<State, "warmUntil" | "suppressed" | "early">) => State}
 */
const idle = (state) =>
  ({ ...state, stage: "idle", armed: null, shown: null, graceAt: Infinity });

/**
 * Arming: pointer, focus or finger is on a link, whose card opens if that lasts.
 * Changing: the same while another link's card is shown, which stays until this one opens.
 * @type {(state: State, armed: Armed) => State}
 */
const arming = (state, armed) =>
  ({ ...state, stage: state.shown ? "changing" : "arming", armed, graceAt: Infinity });

/** A card is shown and something holds it open. @type {(state: State, shown: Shown) => State} */
const open = (state, shown) => ({ ...state, stage: "open", armed: null, shown, graceAt: Infinity });

/** A card is shown and nothing holds it. @type {(state: State, graceAt: number) => State} */
const closing = (state, graceAt) => ({ ...state, stage: "closing", armed: null, graceAt });

export const IDLE = idle({ warmUntil: 0, suppressed: null, early: true });

/** @type {(state: State, event: Event, by: By, waitMs: number, warm?: boolean) => State} */
const arm = (state, { trigger, at }, by, waitMs, warm = false) => {
  const { armed, shown } = state;
  if (!trigger) return state;
  if (shown && trigger === shown.trigger) return open(state, shown);
  // A request that has begun is not repeated, so keep what is known about its answer.
  const request = armed?.trigger === trigger
    ? armed : { wished: false, answered: false, retryAt: Infinity };
  const due = { restAt: at + Math.min(REST_MS, waitMs), openAt: at + waitMs };
  return arming(state, { ...request, ...due, trigger, by, warm });
};

/**
 * Whether an event ends what armed the link.
 * @type {(state: State, event: Event, ...by: By[]) => boolean}
 */
const disarms = ({ armed }, { trigger }, ...by) =>
  !!armed && by.includes(armed.by) && (!trigger || trigger === armed.trigger);

/** @type {(state: State, event: Event) => State} */
const leave = (state, { at, held }) => {
  const { shown, graceAt } = state;
  if (!shown) return idle(state);
  return held ? open(state, shown) : closing(state, Math.min(graceAt, at + GRACE_MS));
};

/** @type {(state: State, part: Partial<Shown>) => State} */
const change = (state, part) =>
  state.shown ? { ...state, shown: { ...state.shown, ...part } } : state;

/** One more request for a shown card. @type {(shown: Shown) => Partial<Shown>} */
const again = ({ tries }) => ({ tries: tries + 1, retryAt: Infinity });

/** @type {(state: State, event: Event) => State} */
const unsuppress = (state, { trigger }) =>
  trigger === state.suppressed ? { ...state, suppressed: null } : state;

/** @type {Record<Event["type"], (state: State, event: Event) => State>} */
const arrows = {
  moved(state, event) {
    const { armed, shown, warmUntil } = state;
    const { trigger, at } = event;
    if (!armed || trigger !== armed.trigger) {
      return arm(state, event, "pointer", OPEN_MS, !!shown || at < warmUntil);
    }
    if (armed.by !== "pointer") return state;
    return arming(state, { ...armed, restAt: at + REST_MS });
  },

  focused(state, event) {
    const by = "focus";
    const after = event.trigger === state.shown?.trigger ? change(state, { by }) : state;
    return arm(after, event, by, OPEN_MS);
  },

  pressed: (state, event) => arm(state, event, "touch", PRESS_MS),

  asked: (state, event) => arm({ ...state, suppressed: null }, event, event.by ?? "focus", 0),

  returned: (state) => (state.shown ? open(state, state.shown) : state),

  left(state, event) {
    const isElsewhere = state.armed && !disarms(state, event, "pointer");
    return unsuppress(isElsewhere ? state : leave(state, event), event);
  },

  blurred(state, event) {
    const after = unsuppress(disarms(state, event, "focus") ? leave(state, event) : state, event);
    if (event.held) return after;
    // Focus moves at once, without a way to travel, and the old card could cover the new focus.
    return after.armed ? arming({ ...after, shown: null }, after.armed) : idle(after);
  },

  released: (state, event) => (disarms(state, event, "touch") ? leave(state, event) : state),

  scrolled: (state, event) =>
    disarms(state, event, "pointer", "touch") ? leave(state, event) : state,

  answered(state, { trigger, at, retryMs = Infinity, isKept }) {
    const { armed, shown } = state;
    const retryAt = at + retryMs;
    if (armed && trigger === armed.trigger) {
      return { ...state, armed: { ...armed, answered: true, retryAt } };
    }
    if (!shown || trigger !== shown.trigger) return state;
    // A kept answer comes at once: no skeleton was seen, so none has to stay.
    const since = isKept ? -Infinity : shown.since;
    return change(state, { answers: shown.answers + 1, since, retryAt });
  },

  retried: (state, event) =>
    change(arrows.refreshed(state, event), { since: event.at, answers: 0, filled: 0 }),

  refreshed: (state) => (state.shown ? change(state, again(state.shown)) : state),

  dismissed: ({ early }, { trigger = null }) => ({ ...IDLE, early, suppressed: trigger }),

  time: (state) => state,
};

/** The card of the armed link, as it opens. @type {(armed: Armed, at: number) => Shown} */
const show = ({ trigger, by, warm, answered, retryAt }, at) => {
  const answers = Number(answered);
  return { trigger, by, animated: !warm, since: at, answers, filled: answers, tries: 0, retryAt };
};

/**
 * Open the card that has waited long enough; ask for the one whose pointer rests.
 * @type {(state: State, at: number) => State}
 */
const settleArmed = (state, at) => {
  const { armed, early } = state;
  if (!armed || at < armed.restAt) return state;
  if (at >= armed.openAt || (armed.warm && armed.answered)) return open(state, show(armed, at));
  return early || armed.warm ? { ...state, armed: { ...armed, wished: true } } : state;
};

/**
 * Close the card after its grace; ask again when told to wait; replace the skeleton.
 * @type {(state: State, at: number) => State}
 */
const settleShown = (state, at) => {
  let { shown } = state;
  if (at >= state.graceAt) return { ...idle(state), warmUntil: at + WARM_MS };
  if (!shown) return state;
  if (at >= shown.retryAt) shown = { ...shown, ...again(shown) };
  if (shown.filled || at >= shown.since + SKELETON_MS) shown = { ...shown, filled: shown.answers };
  return { ...state, shown };
};

/** @type {(state: State, event: Event) => State} */
export const step = (state, event) => {
  const isIgnored = /moved|focused/.test(event.type) && event.trigger === state.suppressed;
  const after = isIgnored ? state : arrows[event.type](state, event);
  return settleShown(settleArmed(after, event.at), event.at);
};

/** When the passing of time changes the state next. @type {(state: State, at: number) => number} */
export const dueAt = ({ armed, shown, graceAt }, at) => {
  const skeletonAt = shown && shown.answers > shown.filled ? shown.since + SKELETON_MS : Infinity;
  const dues = [graceAt, skeletonAt, shown?.retryAt, armed?.restAt, armed?.openAt];
  return Math.min(...dues.map((due) => (due && due > at ? due : Infinity)));
};

/**
 * The links whose answer is needed, with the number of the try.
 * @type {(state: State) => Map<HTMLElement, number>}
 */
const wanted = ({ armed, shown }) => {
  const tries = new Map();
  if (shown) tries.set(shown.trigger, shown.tries);
  if (armed?.wished) tries.set(armed.trigger, 0);
  return tries;
};

/**
 * Requests to start or repeat, and requests to stop. Starts come first, so that two links with the
 * same address share a request.
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
