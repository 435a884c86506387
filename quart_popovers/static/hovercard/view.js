/**
 * The one card of the page: makes, shows, fills and hides it. Decides nothing.
 * @import { Answer, Point, Shown } from "./types"
 */
import { place } from "./place.js";
import { words } from "./words.js";

/** @type {(name: string, className?: string, ...inner: (Node | string)[]) => HTMLElement} */
const element = (name, className = "", ...inner) => {
  const made = document.createElement(name);
  if (className) made.className = className;
  made.append(...inner);
  return made;
};

/** @type {(trigger: HTMLElement) => string} */
const nameOf = (trigger) =>
  trigger.textContent?.trim() || trigger.ariaLabel || trigger.querySelector("img")?.alt || "";

/** A card of its final size, and what the link knows. @type {(name: string) => HTMLElement} */
const skeleton = (name) =>
  element("div", "card",
    element("div", "card-person", element("span", "avatar"), element("b", "card-name", name)),
    element("p", "card-about"),
    element("div", "card-facts"));

/** Whether focus or a selection is in the card. @type {(card: HTMLElement) => boolean} */
export const isInUse = (card) => {
  const selection = getSelection();
  // A click on its empty ground focuses the card itself, which is no use of it.
  return card.matches(":focus-within:not(:focus)")
    || (!!selection && !selection.isCollapsed && card.contains(selection.anchorNode));
};

/** @type {(card: HTMLElement) => HTMLElement} */
const prepare = (card) => {
  card.id = "hover-card";
  card.popover = "manual";
  card.role = "dialog";
  card.tabIndex = -1;
  card.dataset.state = "closed";
  if (!card.isConnected) document.body.append(card);
  return card;
};

/**
 * @param {() => void} onLost the link has left the view or the page
 * @param {() => void} onRetry
 */
export const createView = (onLost, onRetry) => {
  const card = prepare(document.getElementById("hover-card") ?? element("div"));
  const content = element("div");
  // There before it has something to say, or screen readers miss it.
  const status = element("p", "card-status");
  status.role = "status";
  card.replaceChildren(content, status);
  const observer = new IntersectionObserver((entries) => {
    if (!entries[entries.length - 1].isIntersecting) onLost();
  });
  let stopFollowing = () => {};

  /** @type {(trigger: HTMLElement, reason: string) => HTMLElement | string} */
  const wayOut = (trigger, reason) => {
    if (/gone|busy/.test(reason)) return "";
    if (reason === "signedOut") {
      const attribute = "data-hovercard-sign-in";
      const page = trigger.closest(`[${attribute}]`)?.getAttribute(attribute);
      const link = /** @type {HTMLAnchorElement} */ (element("a", "", words.signIn));
      link.href = `${page}?next=${encodeURIComponent(location.pathname + location.search)}`;
      return page ? link : "";
    }
    const button = element("button", "", words.again);
    button.addEventListener("click", onRetry);
    return button;
  };

  /** @type {(html: string) => void} */
  const write = (html) => {
    // Our own server's fragment, escaped there; setHTML takes scripts out once more.
    const { setHTML } = /** @type {any} */ (content);
    if (setHTML) setHTML.call(content, html, { sanitizer: {} });
    else content.innerHTML = html;
  };

  /** @type {(shown: Shown, answer?: Answer) => void} */
  const fill = ({ trigger, tries }, answer) => {
    const reason = answer?.reason ?? "";
    // A newer answer does not take away what the reader is using, unless it was asked for.
    if (answer && !reason && !tries && card.dataset.state === "open" && isInUse(card)) return;
    // What has focus is about to go, and focus must not fall out of the card.
    if (card.matches(":focus-within")) card.focus({ preventScroll: true });
    if (answer?.reason === null) write(answer.html);
    else content.replaceChildren(skeleton(nameOf(trigger)));
    status.replaceChildren(...(reason ? [words[reason], " ", wayOut(trigger, reason)] : []));
    card.dataset.state = !answer ? "loading" : reason ? "error" : "open";
    card.dataset.reason = reason;
    card.ariaBusy = String(!answer);
  };

  /** @type {(trigger: HTMLElement) => void} */
  const hide = (trigger) => {
    observer.disconnect();
    if (card.matches(":popover-open")) card.hidePopover();
    stopFollowing();
    trigger.removeAttribute("aria-details");
    trigger.dispatchEvent(new CustomEvent("hovercard:close", { bubbles: true }));
  };

  /** @type {(shown: Shown, answer: Answer | undefined, point: Point) => void} */
  const show = (shown, answer, point) => {
    const { trigger, animated } = shown;
    // Inside a modal dialog all but its own children are inert.
    const home = trigger.closest("dialog") ?? document.body;
    if (card.parentNode !== home) home.append(card);
    card.ariaLabel = words.label + nameOf(trigger);
    card.toggleAttribute("data-animated", animated);
    fill(shown, answer);
    /** @type {any} */ (card).showPopover({ source: trigger });
    stopFollowing = place(card, trigger, point);
    trigger.setAttribute("aria-details", card.id);
    observer.observe(trigger);
    trigger.dispatchEvent(new CustomEvent("hovercard:open", { bubbles: true }));
  };

  return { card, show, fill, hide };
};
