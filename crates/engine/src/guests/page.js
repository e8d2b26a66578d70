// What the guests' page does: comes in with a code, shows the board as it stands, and sends what its guest does.
"use strict";

const words = JSON.parse(document.getElementById("words").textContent);
const page = document.getElementById("page");
const TOKEN = "millwright-guest";
let token = sessionStorage.getItem(TOKEN);
let seen = null;
let timerEnds = null;
let says = "";
let editing = null;

function say(name, values = {}) {
  return (words[name] ?? name).replace(/\{(\w+)\}/g, (_, key) => values[key] ?? "");
}

// An element: its name, its properties, its children. Text is only ever text.
function el(name, properties = {}, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(properties)) {
    if (key === "class") made.className = value;
    else if (key.startsWith("on")) made.addEventListener(key.slice(2), value);
    else if (value === true) made.setAttribute(key, "");
    else if (value !== false && value !== null) made.setAttribute(key, value);
  }
  made.append(...children.filter((child) => child !== null && child !== undefined));
  return made;
}

async function ask(path, options = {}) {
  const headers = { ...(options.headers ?? {}) };
  if (token) headers.Authorization = `Bearer ${token}`;
  const answer = await fetch(path, { ...options, headers });
  if (answer.ok) return answer.status === 204 ? null : answer.json();
  let why = "failed";
  try {
    why = (await answer.json()).why;
  } catch {
    // An answer without words says what its number says.
  }
  throw Object.assign(new Error(why), { why });
}

function tell(text) {
  says = text;
  const line = document.getElementById("says");
  if (line) line.textContent = text;
}

function leave(why) {
  sessionStorage.removeItem(TOKEN);
  token = null;
  seen = null;
  showEntrance(why);
}

function showEntrance(why = "") {
  const code = el("input", { id: "code", autocomplete: "off", autocapitalize: "characters", "aria-label": say("enter_code"), placeholder: say("enter_code") });
  const come = async (event) => {
    event.preventDefault();
    await enter(code.value);
  };
  page.replaceChildren(
    el("section", { class: "enter" },
      el("h1", {}, say("enter_title")),
      el("form", { onsubmit: come }, code, el("button", { class: "act", id: "enter" }, say("enter"))),
      el("p", { class: "says", id: "says", role: "alert" }, why),
      el("p", { class: "muted" }, say("enter_note"))));
}

async function enter(code) {
  try {
    token = (await ask("/enter", { method: "POST", body: JSON.stringify({ code }) })).token;
    sessionStorage.setItem(TOKEN, token);
    await follow();
  } catch (error) {
    showEntrance(reason(error));
  }
}

function reason(error) {
  if (!error.why) return say("away");
  return error.why === "shut" || error.why === "ended" ? say(error.why) : say(`why_${error.why}`);
}

// Asks for the board again and again: each answer comes as soon as there is something new.
async function follow() {
  while (token) {
    try {
      const after = seen ? `?after=${seen.news}` : "";
      const next = await ask(`/board${after}`);
      const isNew = !seen || next.news !== seen.news;
      seen = next;
      timerEnds = seen.timer_left_ms === null ? null : performance.now() + seen.timer_left_ms;
      if (says === say("away")) tell("");
      if (isNew) show();
    } catch (error) {
      if (error.why === "stranger" || error.why === "shut") {
        leave(reason(error));
        return;
      }
      tell(reason(error));
      await new Promise((wake) => setTimeout(wake, 2000));
    }
  }
}

async function act(what, after = () => {}) {
  try {
    await ask("/act", { method: "POST", body: JSON.stringify(what) });
    tell("");
    after();
  } catch (error) {
    if (error.why === "stranger" || error.why === "shut") leave(reason(error));
    else tell(reason(error));
  }
}

function frameName(frame) {
  return frame.kind === "other" ? frame.title : say(frame.kind);
}

// What is typed stays when the board changes.
function kept() {
  const values = new Map();
  for (const field of page.querySelectorAll("input[id]")) values.set(field.id, field.value);
  return { values, focused: document.activeElement?.id };
}

function putBack({ values, focused }) {
  for (const [id, value] of values) {
    const field = document.getElementById(id);
    if (field && (field.dataset.own !== "server" || id === focused)) field.value = value;
  }
  if (focused) document.getElementById(focused)?.focus();
}

function noteRow(frame, note) {
  if (editing === note.id) {
    const field = el("input", { id: `edit-${note.id}`, maxlength: "500", "aria-label": say("change") });
    field.value = note.text;
    const save = (event) => {
      event.preventDefault();
      act({ do: "change", id: note.id, frame: frame.key, text: field.value.trim() }, () => { editing = null; });
    };
    return el("form", { onsubmit: save }, field, el("button", { class: "act" }, say("save")));
  }
  const mine = note.mine && !frame.locked && ["collect", "reveal", "cluster"].includes(seen.phase);
  return el("div", { class: "row", "data-note": note.text },
    el("span", { class: "text" }, note.text),
    note.cluster ? el("span", { class: "tag" }, note.cluster) : null,
    note.mine && seen.phase !== "collect" ? el("span", { class: "tag" }, say("mine")) : null,
    mine ? el("button", { onclick: () => { editing = note.id; show(); } }, say("change")) : null,
    mine ? el("button", { onclick: () => act({ do: "take_back", id: note.id }) }, say("take_back")) : null);
}

function newNote(frame) {
  const field = el("input", { id: `new-${frame.key}`, maxlength: "500", placeholder: say("note_new"), "aria-label": `${say("note_new")}: ${frameName(frame)}` });
  const add = (event) => {
    event.preventDefault();
    const text = field.value.trim();
    if (text) act({ do: "note", frame: frame.key, text }, () => { document.getElementById(field.id).value = ""; });
  };
  return el("form", { onsubmit: add }, field, el("button", { class: "act", id: `add-${frame.key}` }, say("add")));
}

function voteRow(item) {
  const give = (votes) => () => act({ do: "vote", id: item.id, votes });
  return el("div", { class: "row", "data-item": item.text },
    el("span", { class: "text" }, item.text),
    el("button", { "aria-label": say("vote_less", { what: item.text }), disabled: item.own_votes === 0, onclick: give(item.own_votes - 1) }, "−"),
    el("span", { class: "count" }, String(item.own_votes)),
    el("button", { "aria-label": say("vote_more", { what: item.text }), disabled: seen.votes_left === 0, onclick: give(item.own_votes + 1) }, "+"));
}

function itemRow(item) {
  return el("div", { class: "row" }, el("span", { class: "text" }, item.text),
    item.votes ? el("span", { class: "count", title: say("votes", { count: item.votes }) }, String(item.votes)) : null);
}

function frameCard(frame) {
  const withNotes = ["collect", "reveal", "cluster"].includes(seen.phase);
  const rows = withNotes ? frame.notes.map((note) => noteRow(frame, note))
    : seen.phase === "vote" ? frame.items.map(voteRow)
    : [...frame.items].sort((one, other) => other.votes - one.votes).map(itemRow);
  const open = withNotes && !seen.ended && (seen.phase === "collect" || !frame.locked);
  return el("section", { id: `frame-${frame.key}` },
    el("h2", {}, frameName(frame)),
    frame.locked ? el("p", { class: "muted" }, say("locked_frame")) : null,
    ...(rows.length ? rows : [el("p", { class: "muted" }, say("empty"))]),
    open ? newNote(frame) : null);
}

function weighCard(side) {
  const items = seen.frames.filter((frame) => frame.side === side).flatMap((frame) => frame.items).filter((item) => item.shortlisted);
  const rows = [];
  if (!items.length) rows.push(el("p", { class: "muted" }, say("nothing_listed")));
  else if (seen.method === "points") {
    const left = 100 - items.reduce((sum, item) => sum + item.points, 0);
    rows.push(el("p", { class: "muted" }, say("points_hint", { left })));
    for (const item of items) {
      const field = el("input", { type: "number", min: "0", max: "100", id: `points-${item.id}`, "data-own": "server", "aria-label": say("points_for", { what: item.text }) });
      field.value = String(item.points);
      field.addEventListener("change", () => act({ do: "points", id: item.id, points: Math.max(0, Math.min(100, Math.round(Number(field.value) || 0))) }));
      rows.push(el("div", { class: "row", "data-item": item.text }, el("span", { class: "text" }, item.text), field));
    }
  } else if (seen.method === "rank") {
    rows.push(el("p", { class: "muted" }, say("rank_hint")));
    const order = ranks[side]?.filter((id) => items.some((item) => item.id === id)) ?? [];
    const all = [...order, ...items.map((item) => item.id).filter((id) => !order.includes(id))];
    all.forEach((id, place) => {
      const item = items.find((one) => one.id === id);
      const up = () => {
        const moved = [...all];
        [moved[place - 1], moved[place]] = [moved[place], moved[place - 1]];
        ranks[side] = moved;
        show();
        act({ do: "rank", side, items: moved });
      };
      rows.push(el("div", { class: "row" }, el("span", { class: "count" }, String(place + 1)), el("span", { class: "text" }, item.text),
        el("button", { disabled: place === 0, "aria-label": say("rank_up", { what: item.text }), onclick: up }, "↑")));
    });
  } else rows.push(el("p", { class: "muted" }, say("pairs_hint")));
  return el("section", { id: `weigh-${side}` }, el("h2", {}, side === "internal" ? say("internal") : say("external")), ...rows);
}

const ranks = {};

function show() {
  const before = kept();
  const weighs = seen.phase === "weigh" && !seen.ended;
  const parts = [
    el("header", {}, el("h1", { id: "title" }, seen.title),
      el("span", { class: "timer", id: "timer", role: "timer" }),
      el("span", { class: "muted", id: "number" }, say("guest", { number: seen.number }))),
    el("p", { class: "phase", id: "phase" }, seen.ended ? say("ended") : say(seen.phase)),
    seen.phase === "vote" && !seen.ended ? el("p", { class: "muted", id: "votes-left" }, say("votes_left", { count: seen.votes_left })) : null,
    el("p", { class: "says", id: "says", role: "alert" }, says),
    el("div", { class: "frames" }, ...(weighs ? ["internal", "external"].map(weighCard) : seen.frames.map(frameCard)))];
  page.replaceChildren(...parts.filter((part) => part !== null));
  putBack(before);
  tick();
}

function tick() {
  const line = document.getElementById("timer");
  if (!line) return;
  if (timerEnds === null) {
    line.textContent = "";
    return;
  }
  const left = Math.max(0, Math.round((timerEnds - performance.now()) / 1000));
  line.textContent = `${Math.floor(left / 60)}:${String(left % 60).padStart(2, "0")}`;
}

setInterval(tick, 1000);
const code = location.hash.slice(1);
if (code) {
  // The code works once: it does not stay in the address.
  history.replaceState(null, "", "/");
  enter(code);
} else if (token) follow();
else showEntrance();
