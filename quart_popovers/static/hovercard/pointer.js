/**
 * Mouse, pen and finger: what they do on the page becomes events of the machine.
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
  /** @type {{ scroller: EventTarget | null, at: number }} */
  let scrolled = { scroller: null, at: -Infinity };

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
    && scrolled.scroller instanceof Node && scrolled.scroller.contains(trigger);

  /**
   * Listens on the trigger alone, and only while a pointer is in it.
   * @type {(event: PointerEvent) => void}
   */
  const move = (event) => {
    const { clientX: x, clientY: y } = event;
    if (event.pointerType === "touch") {
      if (Math.hypot(x - point.x, y - point.y) > PRESS_SLOP_PX) release();
      return;
    }
    const trigger = inside;
    // Content that scrolls under a resting pointer sends events without movement.
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
    const isInCard = event.target instanceof Node && card.contains(event.target);
    enter(isInCard ? card : triggerOf(event.target), event);
  };

  /** @type {(event: PointerEvent) => void} */
  const leavePage = (event) => {
    if (event.pointerType !== "touch") enter(null, event);
  };

  /** @type {(event: PointerEvent) => void} */
  const press = (event) => {
    isMenuOpen = false;
    if (event.target instanceof Node && card.contains(event.target)) return;
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
    if (event.target instanceof Node && card.contains(event.target)) {
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
    // The finger that lifts after a long press does not mean to follow the link.
    if (shown?.by === "touch" && shown.trigger === trigger) event.preventDefault();
    else send("dismissed", { trigger });
  };

  /** @type {(event: Event) => void} */
  const scroll = ({ target }) => {
    scrolled = { scroller: target, at: performance.now() };
    const { armed } = state();
    if (armed && target instanceof Node && target.contains(armed.trigger)) send("scrolled");
  };

  const options = { capture: true, passive: true };
  document.addEventListener("pointerover", over, options);
  document.documentElement.addEventListener("pointerleave", leavePage);
  document.addEventListener("pointerdown", press, options);
  document.addEventListener("pointerup", lift, options);
  document.addEventListener("pointercancel", lift, options);
  document.addEventListener("contextmenu", menu, true);
  document.addEventListener("click", click, true);
  document.addEventListener("scroll", scroll, options);
  return { isOverCard, point: () => point };
};
