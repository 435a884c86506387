/**
 * Keeps the text of every `<time data-relative>` up to date ("3 minutes ago"), in the words of CLDR
 * as on the server, and sets the full local time as its title.
 */
const format = new Intl.RelativeTimeFormat("en");
const full = new Intl.DateTimeFormat(undefined, { dateStyle: "full", timeStyle: "short" });

/** Seconds in each unit, longest first; a month is 30 days, as for the server. */
const UNITS = /** @type {const} */ ([
  ["year", 31_536_000],
  ["month", 2_592_000],
  ["week", 604_800],
  ["day", 86_400],
  ["hour", 3_600],
  ["minute", 60],
]);

// The shortest step is a minute; twice as often keeps the text at most half a minute late.
const REFRESH_MS = 30_000;

/** @param {number} seconds */
function ago(seconds) {
  const unit = UNITS.find(([, length]) => seconds >= length);
  return unit ? format.format(-Math.round(seconds / unit[1]), unit[0]) : "just now";
}

/** @param {ParentNode} root */
function refresh(root) {
  for (const time of root.querySelectorAll("time[data-relative]")) {
    const moment = new Date(/** @type {HTMLTimeElement} */ (time).dateTime);
    const text = ago((Date.now() - moment.getTime()) / 1000);
    if (time.textContent !== text) time.textContent = text;
    /** @type {HTMLTimeElement} */ (time).title ||= full.format(moment);
  }
}

refresh(document);
setInterval(() => refresh(document), REFRESH_MS);
document.addEventListener("visibilitychange", () => refresh(document));
// Content that other scripts add, such as a hover card, is updated before it is painted.
new MutationObserver((changes) => {
  for (const change of changes)
    for (const node of change.addedNodes) if (node instanceof Element) refresh(node);
}).observe(document.body, { childList: true, subtree: true });
