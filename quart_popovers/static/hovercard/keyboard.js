/**
 * Turns focus and key events into events of the state machine.
 * @import { Wiring } from "./types"
 */
import { isReachable, triggerOf } from "./trigger.js";

/** @param {Wiring & { isOverCard: () => boolean }} wiring */
export const watchKeyboard = ({ card, state, send, isOverCard }) => {
  /** @type {(target: EventTarget | null) => boolean} */
  const isInCard = (target) => card.contains(/** @type {Node | null} */ (target));

  /** @type {(event: FocusEvent) => void} */
  const focus = ({ target }) => {
    const { armed, shown } = state();
    const active = armed?.trigger ?? shown?.trigger;
    if (isInCard(target)) return send("returned");
    // A modal dialog that opens moves focus into itself.
    if (active && !isReachable(active)) send("dismissed");
    const trigger = triggerOf(target);
    if (trigger?.matches(":focus-visible") && isReachable(trigger)) send("focused", { trigger });
  };

  /** @type {(event: FocusEvent) => void} */
  const blur = ({ target, relatedTarget }) => {
    const trigger = isInCard(target) ? null : triggerOf(target);
    // Switching windows blurs the link and focuses it again; that is not a new visit.
    if (!document.hasFocus() || !(trigger || isInCard(target))) return;
    const stays = isInCard(relatedTarget) || triggerOf(relatedTarget) === state().shown?.trigger;
    send("blurred", { trigger, held: stays || isOverCard() });
  };

  /** @type {(event: KeyboardEvent) => void} */
  const escape = (event) => {
    const { armed, shown } = state();
    const trigger = (shown ?? armed)?.trigger;
    if (!trigger) return;
    const hadFocus = card.matches(":focus-within");
    send("dismissed", { trigger });
    if (!shown) return;
    // A dialog around the card handles the next Escape.
    event.preventDefault();
    event.stopPropagation();
    if (hadFocus) trigger.focus({ preventScroll: true });
  };

  /** @type {(event: KeyboardEvent) => void} */
  const press = (event) => {
    if (event.key === "Escape") return escape(event);
    const trigger = event.altKey && event.key === "ArrowUp" && triggerOf(event.target);
    if (!trigger || isInCard(trigger)) return;
    event.preventDefault();
    send("asked", { trigger });
  };

  document.addEventListener("focusin", focus);
  document.addEventListener("focusout", blur);
  addEventListener("keydown", press, true);
};
