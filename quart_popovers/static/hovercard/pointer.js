/**
 * Turns events of mouse, pen and touch into events of the state machine.
 * @import { Point, Wiring } from "./types"
 */
import { PRESS_SLOP_PX, SCROLL_MS } from "./timing.js";
import { isReachable, triggerOf } from "./trigger.js";
import { isInUse } from "./view.js";

/** @param {Wiring} wiring */
export const watchPointer = ({ card, state, send }) => {
  /** @type {HTMLElement | null} the trigger or card under the pointer */
  let inside = null;
  /** @type {HTMLElement | null} the link a finger is on */
  let pressed = null;
  let isMenuOpen = false;
  /** @type {Point} */
  let point = { x: 0, y: 0 };
  /** Where the pointer entered the element that it is on, and whether it came from above. */
  let entryY = 0;
  let isDownwards = false;
  let scrolled = { scroller: /** @type {Node} */ (document), at: -Infinity };

  /** @type {(event: Event) => boolean} */
  const isInCard = ({ target }) => card.contains(/** @type {Node} */ (target));

  const isOverCard = () => !!inside && (inside === card || inside === state().shown?.trigger);

  /**
   * What keeps an open card open without a pointer over it.
   * @type {(event: PointerEvent) => boolean}
   */
  const isHeld = (event) => {
    const { shown } = state();
    const isFocused = shown?.by === "focus" && shown.trigger === document.activeElement;
    return isMenuOpen || event.buttons > 0 || isFocused || isInUse(card);
  };

  /** @type {(trigger: HTMLElement) => boolean} */
  const isScrolling = (trigger) =>
    performance.now() - scrolled.at < SCROLL_MS
    && scrolled.scroller.contains(trigger);

  /**
   * The listener is on the trigger only while a pointer is in it.
   * @type {(event: PointerEvent) => void}
   */
  const move = (event) => {
    const { clientX: x, clientY: y } = event;
    if (event.pointerType === "touch") {
      if (Math.hypot(x - point.x, y - point.y) > PRESS_SLOP_PX) release();
      return;
    }
    const trigger = inside;
    // Content that scrolls under a resting pointer causes events without movement.
    if (!trigger || event.buttons || !(event.movementX || event.movementY)) return;
    point = { x, y };
    if (!isScrolling(trigger) && isReachable(trigger)) send("moved", { trigger });
  };

  /** @type {(place: HTMLElement | null, event: PointerEvent) => void} */
  const enter = (place, event) => {
    if (place === inside && (place || !state().shown)) return;
    const old = inside;
    inside = place;
    old?.removeEventListener("pointermove", move);
    if (place !== card) place?.addEventListener("pointermove", move);
    send("left", { trigger: old === card ? null : old, held: isHeld(event) });
    if (isOverCard()) send("returned");
  };

  /** @type {(event: PointerEvent) => void} */
  const over = (event) => {
    if (event.pointerType === "touch") return;
    isMenuOpen = false;
    isDownwards = event.clientY > entryY;
    entryY = event.clientY;
    enter(isInCard(event) ? card : triggerOf(event.target), event);
  };

  /** @type {(event: PointerEvent) => void} */
  const leavePage = (event) => {
    if (event.pointerType !== "touch") enter(null, event);
  };

  /** @type {(event: PointerEvent) => void} */
  const press = (event) => {
    isMenuOpen = false;
    if (isInCard(event)) return;
    const trigger = triggerOf(event.target);
    const isTouch = event.pointerType === "touch";
    send("dismissed", { trigger: isTouch ? null : trigger });
    if (!isTouch || !trigger) return;
    pressed = trigger;
    point = { x: event.clientX, y: event.clientY };
    trigger.addEventListener("pointermove", move);
    send("pressed", { trigger });
  };

  const release = () => {
    pressed?.removeEventListener("pointermove", move);
    send("released", { trigger: pressed });
    pressed = null;
  };

  /** @type {(event: PointerEvent) => void} */
  const lift = (event) => {
    if (event.pointerType === "touch") release();
    else if (!isOverCard()) enter(inside, event);
  };

  /** @type {(event: Event) => void} */
  const menu = (event) => {
    const { armed, shown } = state();
    const trigger = triggerOf(event.target);
    if (isInCard(event)) {
      isMenuOpen = true;
    } else if ([armed, shown].some((it) => it?.by === "touch" && it.trigger === trigger)) {
      event.preventDefault();
      send("asked", { trigger, by: "touch" });
    }
  };

  /** @type {(event: Event) => void} */
  const click = (event) => {
    const { shown } = state();
    const trigger = triggerOf(event.target);
    if (!trigger || card.contains(trigger)) return;
    // Lifting the finger after a long press must not follow the link.
    if (shown?.by === "touch" && shown.trigger === trigger) event.preventDefault();
    else send("dismissed", { trigger });
  };

  /** @type {(event: Event) => void} */
  const scroll = ({ target }) => {
    scrolled = { scroller: /** @type {Node} */ (target), at: performance.now() };
    const { armed } = state();
    if (armed && scrolled.scroller.contains(armed.trigger)) send("scrolled");
  };

  /** @type {[string, (event: any) => void][]} */
  const watched = [
    ["pointerover", over], ["pointerdown", press], ["pointerup", lift], ["pointercancel", lift],
    ["contextmenu", menu], ["click", click], ["scroll", scroll],
  ];
  for (const [type, listener] of watched) document.addEventListener(type, listener, true);
  document.documentElement.addEventListener("pointerleave", leavePage);
  return { isOverCard, path: () => ({ point, isDownwards }) };
};
