/**
 * Answers: asked for once, shared, kept for a while, let go when nobody waits.
 * @import { Answer, Entry, Reason } from "./types"
 */
import { FRESH_MS, KEPT_CARDS, RETRY_MS, TIMEOUT_MS } from "./timing.js";

/** @type {Record<number, Reason>} */
const REASONS = { 0: "signedOut", 401: "signedOut", 404: "gone", 410: "gone", 429: "busy" };

/**
 * Seconds or a date (RFC 9110, 10.2.3), as milliseconds.
 * @type {(header: string | null, now: number) => number}
 */
const wait = (header, now) => {
  const seconds = Number(header ?? NaN);
  const ms = Number.isNaN(seconds) ? Date.parse(header ?? "") - now : seconds * 1000;
  return Math.max(1000, Number.isNaN(ms) ? RETRY_MS : ms);
};

/**
 * @param {typeof fetch} ask
 * @param {() => number} now a clock that also runs while the machine sleeps
 */
export const createCards = (ask, now) => {
  /** @type {Map<string, Entry>} the longest unused first */
  const entries = new Map();
  let quietUntil = 0;

  /** @type {(entry: Entry, answer: Answer) => void} */
  const tell = ({ listeners }, answer) => [...listeners].forEach((listener) => listener(answer));

  /** @type {(entry: Entry, signal: AbortSignal) => Promise<Answer | null>} null: not modified */
  const request = async (entry, signal) => {
    /** @type {Record<string, string>} */
    const headers = entry.card && entry.etag ? { "If-None-Match": entry.etag } : {};
    // A redirect is some sign-in page, which is no card.
    const response = await ask(entry.url, { headers, signal, redirect: "manual" });
    if (response.status === 304) return null;
    if (response.ok) {
      const html = await response.text();
      entry.etag = response.headers.get("ETag");
      return { reason: null, html };
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
    // What is shown is old, but better than "offline".
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
      ?? { url, listeners: new Set(), card: null, etag: null, at: 0, loading: null };
    entries.delete(url);
    entries.set(url, entry);
    return entry;
  };

  return {
    /**
     * Tell what is kept at once, and what comes later then; the function returned lets go.
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
      if (quietMs > 0 && !entry.card) listener({ reason: "busy", retryMs: quietMs });
      else if (quietMs <= 0 && !isFresh && !entry.loading) void load(entry);
      return () => {
        entry.listeners.delete(listener);
        if (entry.listeners.size) return;
        entry.loading?.abort();
        entry.loading = null;
        if (!entry.card && entries.get(url) === entry) entries.delete(url);
      };
    },

    /** Drop what was kept for an address, or everything. @type {(url?: string) => void} */
    forget: (url) => void (url ? entries.delete(url) : entries.clear()),
  };
};
