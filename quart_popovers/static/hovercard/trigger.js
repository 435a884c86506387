/** Elements with a card: which element is one, and whether people can reach it. */

/** An empty address would fetch the present page. */
export const TRIGGER = '[data-hovercard-url]:not([data-hovercard-url=""])';

/** @type {(target: unknown) => HTMLElement | null} */
export const triggerOf = (target) => (target instanceof Element ? target.closest(TRIGGER) : null);

/**
 * Whether it is in the page, in a visible tab and not behind a modal dialog.
 * @type {(trigger: Element) => boolean}
 */
export const isReachable = (trigger) =>
  trigger.isConnected && !document.hidden
  && (!document.querySelector(":modal") || !!trigger.closest(":modal"));
