// What the machine asks for and shows, and when. Run: node --test tests/hovercard_machine/*.test.mjs

import assert from "node:assert/strict";
import { test } from "node:test";

import { IDLE, dueAt, step, wishes } from "../../quart_popovers/static/hovercard/machine.js";
import { ARMING, CHANGING, CLOSING, OPEN, alice, at, bo, run, until } from "./events.mjs";

const LOGS = [
  ["asks at 100 and shows the content at 400",
    OPEN, ["100 ask alice", "400 show alice", "400 content"]],
  ["a skeleton stays 200 ms",
    [at(0, "moved"), at(410, "answered"), until(900)],
    ["100 ask alice", "400 show alice", "600 content"]],
  ["a later answer takes its place at once",
    [at(0, "moved"), at(700, "answered"), until(900)],
    ["100 ask alice", "400 show alice", "700 content"]],
  ["an answer that was kept needs no skeleton",
    [at(0, "asked"), at(0, "answered", { isKept: true })],
    ["0 ask alice", "0 show alice", "0 content"]],
  ["news change in place",
    [...OPEN, at(600, "answered"), until(600)],
    ["100 ask alice", "400 show alice", "400 content", "600 content"]],
  ["leaving lets go",
    [at(0, "moved"), at(200, "left")], ["100 ask alice", "200 let go alice"]],
  ["passing by asks for nothing",
    [at(0, "moved"), at(99, "left")], []],
  ["warm and ready, the next opens after 100 ms",
    [...OPEN, at(500, "moved", { trigger: bo }), at(600, "answered", { trigger: bo })],
    ["100 ask alice", "400 show alice", "400 content", "600 ask bo",
      "600 let go alice", "600 show bo", "600 content"]],
  ["warm and late, the old card stays until the answer",
    [...CHANGING, at(850, "answered", { trigger: bo })],
    ["100 ask alice", "400 show alice", "400 content", "600 ask bo",
      "850 let go alice", "850 show bo", "850 content"]],
  ["warm and very late, a skeleton after 400 ms",
    [...CHANGING, until(900)],
    ["100 ask alice", "400 show alice", "400 content", "600 ask bo",
      "900 let go alice", "900 show bo"]],
  ["warm for 400 ms after it closed",
    [...OPEN, at(500, "left"), at(1149, "moved", { trigger: bo }), at(1249, "answered", { trigger: bo })],
    ["100 ask alice", "400 show alice", "400 content", "750 let go alice", "750 hide",
      "1249 ask bo", "1249 show bo", "1249 content"]],
  ["cold after that",
    [...OPEN, at(500, "left"), at(1150, "moved", { trigger: bo }),
      at(1250, "answered", { trigger: bo }), until(1550)],
    ["100 ask alice", "400 show alice", "400 content", "750 let go alice", "750 hide",
      "1250 ask bo", "1550 show bo", "1550 content"]],
  ["cold after that, whatever happened meanwhile",
    [...OPEN, at(500, "left"), at(1000, "left"), at(1150, "moved", { trigger: bo }),
      at(1250, "answered", { trigger: bo })],
    ["100 ask alice", "400 show alice", "400 content", "750 let go alice", "750 hide",
      "1250 ask bo"]],
  ["a keyboard is never warm",
    [...OPEN, at(500, "blurred"), at(500, "focused", { trigger: bo }),
      at(650, "answered", { trigger: bo }), until(900)],
    ["100 ask alice", "400 show alice", "400 content", "500 let go alice", "500 hide",
      "600 ask bo", "900 show bo", "900 content"]],
  ["asked for an armed link, it shows the answer that came already",
    [...ARMING, at(150, "answered"), at(200, "asked")],
    ["100 ask alice", "200 show alice", "200 content"]],
  ["the answer for one link is not the answer for the next",
    [...ARMING, at(150, "answered"), at(200, "moved", { trigger: bo }), until(600)],
    ["100 ask alice", "200 let go alice", "300 ask bo", "600 show bo"]],
  ["told to wait, it asks again by itself",
    [at(0, "moved"), at(150, "answered", { retryMs: 3000 }), until(3150)],
    ["100 ask alice", "400 show alice", "400 content", "3150 ask alice"]],
  ["told to wait and left, it does not",
    [at(0, "moved"), at(150, "answered", { retryMs: 3000 }), until(400), at(500, "left"), until(9999)],
    ["100 ask alice", "400 show alice", "400 content", "750 let go alice", "750 hide"]],
  ["told to wait and asked again meanwhile, it does not ask once more",
    [at(0, "moved"), at(150, "answered", { retryMs: 3000 }), until(400), at(1000, "refreshed"),
      until(9999)],
    ["100 ask alice", "400 show alice", "400 content", "1000 ask alice"]],
  ["trying again shows a skeleton until there is an answer",
    [...OPEN, at(1000, "retried"), until(9999)],
    ["100 ask alice", "400 show alice", "400 content", "1000 ask alice", "1000 skeleton"]],
  ["trying again shows a skeleton and asks",
    [...OPEN, at(1000, "retried"), at(1010, "answered"), until(1200)],
    ["100 ask alice", "400 show alice", "400 content", "1000 ask alice", "1000 skeleton", "1200 content"]],
  ["refreshing asks without a skeleton",
    [...OPEN, at(1000, "refreshed"), at(1010, "answered")],
    ["100 ask alice", "400 show alice", "400 content", "1000 ask alice", "1010 content"]],
  ["refreshing twice asks twice",
    [...OPEN, at(1000, "refreshed"), at(2000, "refreshed")],
    ["100 ask alice", "400 show alice", "400 content", "1000 ask alice", "2000 ask alice"]],
];

for (const [title, events, expected] of LOGS) {
  test(title, () => assert.deepEqual(run(events).log, expected));
}

const SAVE_DATA = { ...IDLE, early: false };

test("without early fetching it asks when it opens", () => {
  const { log } = run([at(0, "moved"), until(400)], SAVE_DATA);

  assert.deepEqual(log, ["400 ask alice", "400 show alice"]);
});

test("without early fetching a warm card is asked for when the pointer rests", () => {
  const { log } = run([at(0, "moved"), until(400), at(500, "moved", { trigger: bo }), until(600)], SAVE_DATA);

  assert.deepEqual(log, ["400 ask alice", "400 show alice", "600 ask bo"]);
});

test("early fetching stays off through every stage", () => {
  const visits = [
    at(0, "asked"), at(10, "moved", { trigger: bo }), at(20, "blurred"), at(30, "left", { trigger: bo }),
    at(40, "asked"), at(50, "dismissed"), at(60, "left"), at(1000, "moved"), until(1399),
  ];
  const { log } = run(visits, SAVE_DATA);

  assert.deepEqual(log, ["0 ask alice", "0 show alice", "20 let go alice", "20 hide", "40 ask alice",
    "40 show alice", "50 let go alice", "50 hide"]);
});

test("a card knows what opened it, or the focus that came later", () => {
  assert.equal(run(OPEN).state.shown.by, "pointer");
  assert.equal(run([at(0, "asked")]).state.shown.by, "focus");
  assert.equal(run([at(0, "asked", { by: "touch" })]).state.shown.by, "touch");
  assert.equal(run([...OPEN, at(500, "focused")]).state.shown.by, "focus");
  assert.equal(run([...OPEN, at(500, "focused", { trigger: bo })]).state.shown.by, "pointer");
});

test("a warm card has no animation, a cold one has", () => {
  const warm = run([...OPEN, at(500, "moved", { trigger: bo }), at(650, "answered", { trigger: bo })]);

  assert.equal(run(OPEN).state.shown.animated, true);
  assert.equal(warm.state.shown.animated, false);
});

test("nothing is due when it is idle, nor when an open card rests", () => {
  for (const [events, time] of [[[], 0], [OPEN, 400], [[...CLOSING, until(750)], 750]]) {
    assert.equal(dueAt(run(events).state, time), Infinity);
  }
});

test("any thousand events keep the promises", () => {
  const types = ["moved", "focused", "pressed", "asked", "returned", "left", "blurred", "released",
    "scrolled", "answered", "retried", "refreshed", "dismissed", "time"];
  let seed = 1;
  const random = (count) => (seed = (seed * 48271) % 2147483647) % count;
  for (let round = 0; round < 200; round += 1) {
    let state = IDLE;
    const asked = new Set();
    for (let time = 0, events = 0; events < 1000; events += 1) {
      time += random(300);
      const event = {
        type: types[random(types.length)], at: time, held: random(4) === 0,
        trigger: [alice, bo, null][random(3)], retryMs: random(5) ? undefined : 500,
      };
      if (!event.trigger && /moved|focused|pressed|asked/.test(event.type)) continue;
      const after = step(state, event);
      for (const { trigger, isOver } of wishes(state, after)) asked[isOver ? "delete" : "add"](trigger);
      state = after;
      const waiting = [state.shown?.trigger, state.armed?.wished && state.armed.trigger].filter(Boolean);
      assert.deepEqual(asked, new Set(waiting), "asked for is exactly what is waited for");
      assert.notEqual(state.armed?.trigger ?? alice.nobody, state.shown?.trigger ?? null);
      if (state.stage === "idle") assert.equal(dueAt(state, time), Infinity);
      if (state.shown) assert.ok(state.shown.filled <= state.shown.answers);
    }
  }
});
