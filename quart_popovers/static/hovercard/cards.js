/**
 * Fetches cards. Links with the same address share a request, answers are cached, and a request
 * that nothing waits for any more is aborted.
 * @import { Answer, Entry, Reason } from "./types"
 */
import { FRESH_MS, KEPT_CARDS, RETRY_MS, TIMEOUT_MS } from "./timing.js";

/** @type {Record<number, Reason>} */
const REASONS = { 0: "signedOut", 401: "signedOut", 404: "gone", 410: "gone", 429: "busy" };

/** What a fragment never contains: it is escaped by the server. */
const WHOLE_PAGE = /<(!doctype|html|head|body)[\s>]/i;

/** @type {(response: Response, html: string) => boolean} */
const isFragment = ({ headers }, html) =>
  /^text\/html\b/i.test(headers.get("Content-Type") ?? "") && !WHOLE_PAGE.test(html);

/**
 * Retry-After, in seconds or as a date (RFC 9110, 10.2.3), as milliseconds.
 * @type {(header: string | null, now: number) => number}
 */
const wait = (header, now) => {
  const seconds = Number(header ?? NaN);
  const ms = Number.isNaN(seconds) ? Date.parse(header ?? "") - now : seconds * 1000;
  return Math.max(1000, Number.isNaN(ms) ? RETRY_MS : ms);
};

/**
 * @param {typeof fetch} ask
 * @param {() => number} now milliseconds; a clock that also runs while the computer sleeps
 */
export const createCards = (ask, now) => {
  /** @type {Map<string, Entry>} least recently used first */
  const entries = new Map();
  let quietUntil = 0;

  /** @type {(entry: Entry, answer: Answer) => void} */
  const tell = ({ listeners }, answer) => [...listeners].forEach((listener) => listener(answer));

  /** @type {(entry: Entry, signal: AbortSignal) => Promise<Answer | null>} null: not modified */
  const request = async (entry, signal) => {
    /** @type {Record<string, string>} */
    const headers = entry.card?.etag ? { "If-None-Match": entry.card.etag } : {};
    // A redirect leads to a sign-in page, not to a card; its status is 0 then.
    const response = await ask(entry.url, { headers, signal, redirect: "manual" });
    if (response.status === 304) return null;
    if (response.ok) {
      const html = await response.text();
      if (!isFragment(response, html)) return { reason: "failed" };
      return { reason: null, html, etag: response.headers.get("ETag") };
    }
    const after = response.headers.get("Retry-After");
    const isBusy = response.status === 503 && after;
    const reason = REASONS[response.status] ?? (isBusy ? "busy" : "failed");
    return reason === "busy" ? { reason, retryMs: wait(after, now()) } : { reason };
  };

  /** @type {(entry: Entry) => Promise<void>} */
  const load = async (entry) => {
    const loading = (entry.loading = new AbortController());
    let isLate = false;
    const timer = setTimeout(() => loading.abort((isLate = true)), TIMEOUT_MS);
    const answer = await request(entry, loading.signal).catch(() => {
      /** @type {Reason} */
      const reason = isLate ? "late" : navigator.onLine ? "failed" : "offline";
      return { reason };
    });
    clearTimeout(timer);
    if (entry.loading !== loading) return;
    entry.loading = null;
    settle(entry, answer);
  };

  /** @type {(entry: Entry, answer: Answer | null) => void} */
  const settle = (entry, answer) => {
    if (answer?.retryMs) quietUntil = now() + answer.retryMs;
    if (!answer?.reason) {
      const isNews = answer && answer.html !== entry.card?.html;
      entry.at = now();
      if (answer) entry.card = answer;
      if (isNews) tell(entry, answer);
      return;
    }
    // An old card is better than the message "You are offline."
    if (entry.card && !/gone|signedOut/.test(answer.reason)) return;
    if (entries.get(entry.url) === entry) entries.delete(entry.url);
    tell(entry, answer);
  };

  const trim = () => {
    for (const [url, { listeners }] of entries) {
      if (entries.size <= KEPT_CARDS) return;
      if (!listeners.size) entries.delete(url);
    }
  };

  /** @type {(url: string) => Entry} */
  const take = (url) => {
    const entry = entries.get(url)
      ?? { url, listeners: new Set(), card: null, at: 0, loading: null };
    entries.delete(url);
    entries.set(url, entry);
    return entry;
  };

  return {
    /**
     * Call the listener with the cached answer, if there is one, and with each later one. Returns
     * a function that stops this.
     * @param {string} url
     * @param {(answer: Answer) => void} listener
     */
    want(url, listener) {
      const entry = take(url);
      entry.listeners.add(listener);
      trim();
      if (entry.card) listener(entry.card);
      const age = now() - entry.at;
      const isFresh = entry.card && age >= 0 && age < FRESH_MS;
      const quietMs = quietUntil - now();
      if (quietMs > 0) {
        if (!entry.card) listener({ reason: "busy", retryMs: quietMs });
      } else if (!isFresh && !entry.loading) void load(entry);
      return () => {
        entry.listeners.delete(listener);
        if (entry.listeners.size) return;
        entry.loading?.abort();
        entry.loading = null;
      };
    },

    /** Drop the cached answer of an address, or all of them. @type {(url?: string) => void} */
    forget: (url) => void (url ? entries.delete(url) : entries.clear()),
  };
};
