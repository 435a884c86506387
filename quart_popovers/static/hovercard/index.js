/**
 * Hover cards for elements with data-hovercard-url. See docs/hovercard.md.
 * @import { Answer, Event, State, Wish } from "./types"
 */
import { createCards } from "./cards.js";
import { watchKeyboard } from "./keyboard.js";
import { IDLE, dueAt, step, wishes } from "./machine.js";
import { watchPointer } from "./pointer.js";
import { isReachable } from "./trigger.js";
import { createView } from "./view.js";

const start = () => {
  const saveData = /** @type {any} */ (navigator).connection?.saveData;
  /** @type {State} */
  let state = { ...IDLE, early: !saveData };
  /** @type {Event[]} */
  const queue = [];
  /** @type {Map<HTMLElement, { answer?: Answer, release: () => void }>} */
  const waiting = new Map();
  const cards = createCards((url, options) => fetch(url, options), () => Date.now());
  let isBusy = false;
  let at = 0;
  let timer = 0;

  /** @type {(wish: Wish) => void} */
  const serve = ({ trigger, isOver }) => {
    waiting.get(trigger)?.release();
    waiting.delete(trigger);
    if (isOver) return;
    /** @type {{ answer?: Answer, release: () => void }} */
    const wish = { release: () => {} };
    waiting.set(trigger, wish);
    let isKept = true;
    wish.release = cards.want(trigger.dataset.hovercardUrl ?? "", (answer) => {
      wish.answer = answer;
      send("answered", { trigger, retryMs: answer.retryMs, isKept });
    });
    isKept = false;
  };

  /** @type {(event: Event) => void} */
  const take = (event) => {
    const before = state;
    state = step(state, event);
    const { shown } = state;
    if (shown && shown.trigger !== before.shown?.trigger && !isReachable(shown.trigger)) {
      state = step(state, { type: "dismissed", at });
    }
    wishes(before, state).forEach(serve);
  };

  /** @type {(old: State["shown"], shown: State["shown"]) => void} */
  const render = (old, shown) => {
    const answer = shown?.filled ? waiting.get(shown.trigger)?.answer : undefined;
    if (old && old.trigger !== shown?.trigger) view.hide(old.trigger);
    if (!shown) view.card.dataset.state = state.armed ? "waiting" : "closed";
    else if (old?.trigger !== shown.trigger) view.show(shown, answer, pointer.path());
    else if (old.filled !== shown.filled) view.fill(shown, answer);
  };

  /** @type {(type: Event["type"], detail?: Partial<Event>) => void} */
  const send = (type, detail) => {
    if (!isBusy) at = performance.now();
    queue.push({ ...detail, type, at });
    if (isBusy) return;
    isBusy = true;
    while (queue.length) {
      const { shown } = state;
      // Cached answers arrive synchronously and extend the queue: render once for all of them.
      for (let event; (event = queue.shift()); ) take(event);
      render(shown, state.shown);
    }
    isBusy = false;
    clearTimeout(timer);
    const due = dueAt(state, at);
    if (due < Infinity) timer = window.setTimeout(send, Math.ceil(due - performance.now()), "time");
  };

  const close = () => send("dismissed");
  const view = createView(close, () => send("retried"));
  const wiring = { card: view.card, state: () => state, send };
  const pointer = watchPointer(wiring);
  watchKeyboard({ ...wiring, ...pointer });

  for (const type of ["pagehide", "beforeprint", "popstate"]) addEventListener(type, close);
  document.addEventListener("visibilitychange", () => {
    // Returning to the tab focuses the link again; that is not a new visit.
    if (document.hidden) send("dismissed", { trigger: (state.shown ?? state.armed)?.trigger });
  });
  addEventListener("pageshow", ({ persisted }) => persisted && cards.forget());
  addEventListener("online", () => view.card.dataset.reason === "offline" && send("retried"));
  document.addEventListener("submit", ({ target }) => {
    const attribute = "data-hovercard-forget";
    const form = /** @type {Element} */ (target).closest(`[${attribute}]`);
    if (form) cards.forget(form.getAttribute(attribute) ?? "");
  });

  return {
    close,
    forget: cards.forget,
    /** Ask again for the open card. */
    refresh() {
      const { shown } = state;
      if (!shown) return;
      cards.forget(shown.trigger.dataset.hovercardUrl);
      send("refreshed");
    },
  };
};

/** null where the browser has no Popover API: links then work as usual. */
export const hovercard = "popover" in HTMLElement.prototype ? start() : null;
export { words } from "./words.js";
