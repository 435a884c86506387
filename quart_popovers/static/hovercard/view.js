/**
 * Creates, shows, fills and hides the card; the state machine decides when.
 * @import { Answer, Path, Shown } from "./types"
 */
import { place } from "./place.js";
import { words } from "./words.js";

/** @type {(trigger: HTMLElement) => string} */
const nameOf = (trigger) =>
  trigger.textContent?.trim() || trigger.ariaLabel || trigger.querySelector("img")?.alt || "";

/** Shown until the answer arrives, with the name from the link, in the size of a card. */
const SKELETON = `<div class=card><div class=card-person><span class=avatar></span>
<b class=card-name></b></div><p class=card-about></p><div class=card-facts></div></div>`;

/** Whether focus or a selection is in the card. @type {(card: HTMLElement) => boolean} */
export const isInUse = (card) => {
  const selection = getSelection();
  // A click on its background focuses the card itself, which is not a use of it.
  return card.matches(":focus-within:not(:focus)")
    || (selection?.isCollapsed === false && card.contains(selection.anchorNode));
};

/** @type {(trigger: HTMLElement, type: string) => void} */
const announce = (trigger, type) =>
  void trigger.dispatchEvent(new CustomEvent(`hovercard:${type}`, { bubbles: true }));

/** Use the page's own element, if it has one. @type {() => HTMLElement} */
const prepare = () => {
  const card = document.getElementById("hover-card") ?? document.createElement("div");
  card.id = "hover-card";
  card.popover = "manual";
  card.role = "dialog";
  card.tabIndex = -1;
  card.dataset.state = "closed";
  // The status must exist before its first message, or screen readers do not announce it.
  card.innerHTML = "<div></div><p class=card-status role=status></p>";
  if (!card.isConnected) document.body.append(card);
  return card;
};

/**
 * @param {() => void} onLost the link has left the view or the page
 * @param {() => void} onRetry
 */
export const createView = (onLost, onRetry) => {
  const card = prepare();
  const [content, status] = card.children;
  const observer = new IntersectionObserver((entries) => {
    if (!entries.at(-1)?.isIntersecting) onLost();
  });
  let stopFollowing = () => {};

  /** @type {(trigger: HTMLElement, reason: string) => HTMLElement | string} */
  const wayOut = (trigger, reason) => {
    if (/gone|busy/.test(reason)) return "";
    if (reason === "signedOut") {
      const attribute = "data-hovercard-sign-in";
      const page = trigger.closest(`[${attribute}]`)?.getAttribute(attribute);
      const link = document.createElement("a");
      link.textContent = words.signIn;
      link.href = `${page}?next=${encodeURIComponent(location.pathname + location.search)}`;
      return page ? link : "";
    }
    const button = document.createElement("button");
    button.textContent = words.again;
    button.addEventListener("click", onRetry);
    return button;
  };

  /** @type {(html: string) => void} */
  const write = (html) => {
    // The fragment comes from our own server and is escaped there; setHTML also removes scripts.
    const { setHTML } = /** @type {any} */ (content);
    if (setHTML) setHTML.call(content, html, { sanitizer: {} });
    else content.innerHTML = html;
  };

  /** @type {(shown: Shown, answer?: Answer) => void} */
  const fill = ({ trigger, tries }, answer) => {
    const reason = answer?.reason ?? "";
    // Do not replace content in use by a newer answer, unless the reader asked for it.
    if (answer && !reason && !tries && card.dataset.state === "open" && isInUse(card)) return;
    // The focused element is about to be removed: keep focus in the card.
    if (card.matches(":focus-within")) card.focus({ preventScroll: true });
    if (answer?.reason === null) {
      write(answer.html);
    } else {
      content.innerHTML = SKELETON;
      content.getElementsByTagName("b")[0].textContent = nameOf(trigger);
    }
    status.replaceChildren(...(reason ? [words[reason], " ", wayOut(trigger, reason)] : []));
    if (!answer) card.dataset.late = "";
    card.dataset.state = !answer ? "loading" : reason ? "error" : "open";
    card.dataset.reason = reason;
    card.ariaBusy = String(!answer);
  };

  /** @type {(trigger: HTMLElement) => void} */
  const hide = (trigger) => {
    observer.disconnect();
    if (card.matches(":popover-open")) card.hidePopover();
    stopFollowing();
    delete card.dataset.late;
    trigger.removeAttribute("aria-details");
    announce(trigger, "close");
  };

  /** @type {(shown: Shown, answer: Answer | undefined, path: Path) => void} */
  const show = (shown, answer, path) => {
    const { trigger, animated } = shown;
    // While a modal dialog is open, everything outside it is inert.
    const home = trigger.closest("dialog") ?? document.body;
    if (card.parentNode !== home) home.append(card);
    card.ariaLabel = words.label + nameOf(trigger);
    card.toggleAttribute("data-animated", animated);
    fill(shown, answer);
    /** @type {any} */ (card).showPopover({ source: trigger });
    stopFollowing = place(card, trigger, path);
    trigger.setAttribute("aria-details", card.id);
    observer.observe(trigger);
    announce(trigger, "open");
  };

  return { card, show, fill, hide };
};
