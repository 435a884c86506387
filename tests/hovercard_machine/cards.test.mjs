// Fetching cards: sharing, caching, aborting. Run: node --test tests/hovercard_machine/*.test.mjs

import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";

import { createCards } from "../../quart_popovers/static/hovercard/cards.js";

Object.defineProperty(globalThis, "navigator", { value: { onLine: true }, configurable: true });

/** The only timer of the module: its call and its delay. */
let timer;
globalThis.setTimeout = (call, ms) => (timer = { call, ms });
globalThis.clearTimeout = (stopped) => (timer = stopped === timer ? null : timer);

let requests;
let now;
let cards;

beforeEach(() => {
  requests = [];
  now = 1_700_000_000_000;
  const ask = (url, { headers, signal }) =>
    new Promise((resolve, reject) => {
      requests.push({ url, headers, signal, resolve, reject });
      signal.addEventListener("abort", () => reject(signal.reason));
    });
  cards = createCards(ask, () => now);
});

const HTML = { "Content-Type": "text/html; charset=utf-8" };
const answer = async (request, status = 200, body = "<p>card</p>", headers = { ETag: '"1"' }) => {
  const content = status === 304 ? null : body;
  request.resolve(new Response(content, { status, headers: { ...HTML, ...headers } }));
  await settled();
};
const settled = () => new Promise((done) => setImmediate(done));

/** A wish with what it was told. */
const want = (url) => {
  const told = [];
  const release = cards.want(url, (it) => told.push(it.reason ?? it.html));
  return { told, release };
};
const keep = async (url, body) => {
  const { release } = want(url);
  await answer(requests.at(-1), 200, body);
  release();
};

test("one request answers everybody who waits", async () => {
  const [first, second] = [want("/a"), want("/a")];

  await answer(requests[0]);

  assert.equal(requests.length, 1);
  assert.deepEqual([first.told, second.told], [["<p>card</p>"], ["<p>card</p>"]]);
});

test("what is kept is told at once and not asked for again for a minute", async () => {
  await keep("/a", "kept");
  now += 59_999;

  assert.deepEqual(want("/a").told, ["kept"]);
  assert.equal(requests.length, 1);
});

test("after a minute it is told at once and asked for with its ETag", async () => {
  await keep("/a", "old");
  now += 60_000;
  const { told } = want("/a");
  assert.deepEqual(told, ["old"]);
  assert.equal(requests[1].headers["If-None-Match"], '"1"');

  await answer(requests[1], 200, "new");

  assert.deepEqual(told, ["old", "new"]);
});

test("without an ETag it is asked for without a condition", async () => {
  want("/a").release();
  const { release } = want("/a");
  await answer(requests.at(-1), 200, "old", {});
  release();
  now += 60_000;

  want("/a");

  assert.deepEqual(requests.at(-1).headers, {});
});

test("an open card that is asked for again after a minute is fetched again", async () => {
  want("/a");
  await answer(requests[0]);
  now += 60_000;

  want("/a");

  assert.equal(requests.length, 2);
});

test("a redirect counts as signed out", async () => {
  const { told } = want("/a");

  requests[0].resolve({ ok: false, status: 0, headers: new Headers() });
  await settled();

  assert.deepEqual(told, ["signedOut"]);
});

test("a clock that was set back makes nothing fresh for ever", async () => {
  await keep("/a", "old");
  now -= 3_600_000;

  want("/a");

  assert.equal(requests.length, 2);
});

for (const [status, body] of [[304, null], [200, "old"]]) {
  test(`an answer that changes nothing (${status}) tells nothing`, async () => {
    await keep("/a", "old");
    now += 60_000;
    const { told, release } = want("/a");

    await answer(requests[1], status, body);

    assert.deepEqual(told, ["old"]);
    release();
    want("/a");
    assert.equal(requests.length, 2);
  });
}

test("a request is aborted when the last who waits lets go", () => {
  const [first, second] = [want("/a"), want("/a")];

  first.release();
  assert.equal(requests[0].signal.aborted, false);
  second.release();

  assert.equal(requests[0].signal.aborted, true);
});

test("who comes after an abort starts anew and hears nothing of it", async () => {
  want("/a").release();
  const { told } = want("/a");
  await settled();

  assert.deepEqual(told, []);
  await answer(requests[1]);

  assert.deepEqual(told, ["<p>card</p>"]);
});

test("a hundred people are kept, and the longest unused goes first", async () => {
  for (let person = 0; person < 100; person += 1) await keep(`/${person}`, "kept");
  want("/0").release();
  await keep("/100", "kept");

  want("/0").release();
  assert.equal(requests.length, 101);
  want("/1");
  assert.equal(requests.length, 102);
});

test("who is waited for is never dropped", async () => {
  const { told } = want("/waiting");
  for (let person = 0; person < 150; person += 1) await keep(`/${person}`, "kept");

  await answer(requests[0], 200, "at last");
  const again = want("/waiting");

  assert.deepEqual([told, again.told], [["at last"], ["at last"]]);
});

test("after 5 s it counts as late", async () => {
  const { told } = want("/a");
  assert.equal(timer.ms, 5000);

  timer.call();
  await settled();

  assert.deepEqual(told, ["late"]);
  assert.equal(requests[0].signal.aborted, true);
});

test("no timer is left when an answer has come or nobody waits", async () => {
  want("/a");
  await answer(requests[0]);
  assert.equal(timer, null);

  want("/b").release();
  await settled();

  assert.equal(timer, null);
});

test("without a network it says offline, with one failed", async () => {
  const failed = want("/a");
  requests[0].reject(new TypeError("network"));
  await settled();
  navigator.onLine = false;
  const offline = want("/b");
  requests[1].reject(new TypeError("network"));
  await settled();
  navigator.onLine = true;

  assert.deepEqual([failed.told, offline.told], [["failed"], ["offline"]]);
});

const REASONS = [
  [401, {}, "signedOut"], [404, {}, "gone"], [410, {}, "gone"], [500, {}, "failed"],
  [503, {}, "failed"], [503, { "Retry-After": "1" }, "busy"], [429, {}, "busy"],
];
for (const [status, headers, reason] of REASONS) {
  test(`${status} ${JSON.stringify(headers)} is ${reason}, and is not kept`, async () => {
    const { told, release } = want("/a");
    await answer(requests[0], status, "<h1>No</h1>", headers);
    release();
    now += 60_000;
    want("/a");

    assert.deepEqual(told, [reason]);
    assert.equal(requests.length, 2);
  });
}

const WAITS = [["3", 3000], ["0", 1000], ["-5", 1000], ["soon", 5000], [undefined, 5000],
  [new Date(1_700_000_010_000).toUTCString(), 10_000]];
for (const [header, ms] of WAITS) {
  test(`Retry-After ${header} waits ${ms} ms, for everybody`, async () => {
    const heard = [];
    cards.want("/a", ({ retryMs }) => heard.push(retryMs));
    await answer(requests[0], 429, "", header === undefined ? {} : { "Retry-After": header });
    assert.deepEqual(heard, [ms]);

    now += ms - 1;
    assert.deepEqual(want("/b").told, ["busy"]);
    assert.equal(requests.length, 1);
    now += 1;
    want("/c");

    assert.equal(requests.length, 2);
  });
}

for (const [status, told] of [[500, ["old"]], [429, ["old"]], [404, ["old", "gone"]], [401, ["old", "signedOut"]]]) {
  test(`an old card and a ${status}: ${told}`, async () => {
    await keep("/a", "old");
    now += 60_000;
    const wish = want("/a");

    await answer(requests[1], status);
    wish.release();
    now += 10_000;

    assert.deepEqual(wish.told, told);
    assert.deepEqual(want("/a").told, told.length > 1 ? [] : ["old"]);
  });
}

test("what is forgotten is asked for again", async () => {
  await keep("/a", "old");
  await keep("/b", "old");

  cards.forget("/a");
  want("/a");
  want("/b");
  assert.equal(requests.length, 3);
  cards.forget();
  want("/b");

  assert.equal(requests.length, 4);
});

test("an answer that was on its way when it was forgotten is not kept", async () => {
  const { told, release } = want("/a");
  cards.forget("/a");
  await answer(requests[0], 200, "stale");
  release();

  want("/a");

  assert.deepEqual(told, ["stale"]);
  assert.equal(requests.length, 2);
});

test("an aborted request does not end the one that follows it", async () => {
  await keep("/a", "old");
  now += 60_000;
  want("/a").release();
  const second = want("/a");
  assert.equal(requests.length, 3);
  await settled();

  const third = want("/a");
  assert.equal(requests.length, 3);
  second.release();
  third.release();

  assert.equal(requests[2].signal.aborted, true);
});

test("a late error for a forgotten card leaves its new answer cached", async () => {
  want("/a");
  cards.forget("/a");
  want("/a");
  await answer(requests[1], 200, "new");

  await answer(requests[0], 404);

  assert.deepEqual(want("/a").told, ["new"]);
});

test("letting go of a forgotten card leaves its new answer cached", async () => {
  const { release } = want("/a");
  cards.forget("/a");
  want("/a");
  await answer(requests[1], 200, "new");

  release();

  assert.deepEqual(want("/a").told, ["new"]);
});

const NO_FRAGMENTS = [
  ["JSON", "{}", { "Content-Type": "application/json" }],
  ["plain text", "<p>card</p>", { "Content-Type": "text/plain" }],
  ["a type that only begins like HTML", "<p>card</p>", { "Content-Type": "text/htmlx" }],
  ["no type", "<p>card</p>", { "Content-Type": "" }],
  ["a whole page", "<!DOCTYPE html><title>Sign in</title>", HTML],
  ["a page after a comment", "<!-- proxy -->\n<html lang=en><h1>Portal</h1>", HTML],
  ["a page without a start", "<head><title>Portal</title></head><body>Portal", HTML],
];
for (const [title, body, headers] of NO_FRAGMENTS) {
  test(`${title} with status 200 is no card`, async () => {
    const { told } = want("/a");

    await answer(requests[0], 200, body, headers);

    assert.deepEqual(told, ["failed"]);
  });
}

for (const type of ["text/html", "TEXT/HTML;charset=utf-8"]) {
  test(`a fragment of type ${type} is a card`, async () => {
    const { told } = want("/a");

    await answer(requests[0], 200, "<header>alice</header>", { "Content-Type": type });

    assert.deepEqual(told, ["<header>alice</header>"]);
  });
}
