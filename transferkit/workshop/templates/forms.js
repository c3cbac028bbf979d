"use strict";
// The forms of exercises: what they hold as an answer, and an answer put into them.
const config = JSON.parse(document.getElementById("werkstatt").textContent);
const exercises = new Map((config.exercises ?? []).map(e => [e.id, e]));
const ALPHABET = "23456789BCDFGHJKMNPQRSTWXYZ";
const grouped = code => code.match(/.{1,4}/g).join("-");
const plain = typed => typed.toUpperCase().replace(/[^A-Z0-9]/g, "");
const element = (name, text, attributes = {}) => {
  const made = document.createElement(name);
  if (text !== undefined) made.textContent = text;
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  return made;
};

function newSecret() {
  let secret = "";
  while (secret.length < 12) {
    const [byte] = crypto.getRandomValues(new Uint8Array(1));
    if (byte < 256 - 256 % ALPHABET.length) secret += ALPHABET[byte % ALPHABET.length];  // each letter as likely
  }
  return secret;
}

const filled = form => Object.fromEntries([...new FormData(form)].map(([name, value]) => [name, value.trim()]).filter(([, value]) => value));

// {value}, which is null for an empty form, or {problem} in German.
function answerOf(form) {
  const exercise = exercises.get(form.dataset.exercise), given = filled(form);
  if ([...form.elements].some(control => control.validity?.badInput)) return { problem: "Bitte geben Sie ganze Zahlen ein." };
  if (!Object.keys(given).length) return { value: null };
  switch (exercise.kind) {
    case "choice": return { value: given.answer };
    case "scale": return { value: Number(given.answer) };
    case "choices": return { value: Object.keys(given) };
    case "dots": return dotsOf(given, exercise.dots);
    case "ranking": return rankingOf(given, exercise.options.length);
    case "number": return numberOf(given.answer);
    case "text": return { value: given.answer };
    default: return { value: given };
  }
}

function dotsOf(given, most) {
  const dots = Object.fromEntries(Object.entries(given).map(([id, text]) => [id, Number(text)]).filter(([, n]) => n));
  if (!Object.values(dots).every(n => Number.isInteger(n) && n > 0)) return { problem: "Punkte sind ganze Zahlen ab 0." };
  const total = Object.values(dots).reduce((sum, n) => sum + n, 0);
  if (total > most) return { problem: `Sie haben ${most} ${most === 1 ? "Punkt" : "Punkte"} und ${total} verteilt. Nehmen Sie ${total - most} zurück.` };
  return { value: total ? dots : null, left: most - total };
}

function rankingOf(given, options) {
  const places = Object.entries(given).map(([id, text]) => [Number(text), id]).sort((a, b) => a[0] - b[0]);
  const right = places.length === options && places.every(([place], n) => place === n + 1);
  if (right) return { value: places.map(([, id]) => id) };
  const twice = places.find(([place], n) => n && places[n - 1][0] === place);
  if (twice) return { problem: `Platz ${twice[0]} ist zweimal vergeben.` };
  return { problem: `Noch nicht vollständig: Vergeben Sie jeden Platz von 1 bis ${options}.`, isUnfinished: true };
}

// "1.234,5" and "1234.5" can be read; "1.234" may be either, so nobody guesses.
function numberOf(typed) {
  let text = typed.replace(/(\d)[ \u00a0\u202f](?=\d{3}(\D|$))/g, "$1").replace("−", "-");
  if (/^-?[1-9]\d{0,2}\.\d{3}$/.test(text))
    return { problem: `„${typed}“ ist nicht eindeutig. Schreiben Sie ${text.replace(".", "")} oder ${text.replace(".", ",")}.` };
  if (/^-?(\d{1,3}(\.\d{3})+|\d+),\d+$|^-?\d{1,3}(\.\d{3}){2,}$/.test(text)) text = text.replace(/\./g, "").replace(",", ".");
  else if (!/^-?\d+(\.\d+)?$/.test(text)) return { problem: `„${typed}“ ist keine Zahl. Schreiben Sie zum Beispiel 12,5.` };
  return { value: Number(text) };
}

function fill(form, value) {
  const { kind } = exercises.get(form.dataset.exercise);
  let given = {};
  if (value === null || value === undefined) given = {};
  else if (kind === "number") given = { answer: String(value).replace(".", ",") };
  else if (["choice", "scale", "text"].includes(kind)) given = { answer: String(value) };
  else if (kind === "choices") given = Object.fromEntries(value.map(id => [id, id]));
  else if (kind === "ranking") given = Object.fromEntries(value.map((id, n) => [id, String(n + 1)]));
  else given = value;
  refill(form, given);
}

function refill(form, given) {
  for (const control of form.elements) {
    if (!control.name) continue;
    const value = given[control.name];
    if (["radio", "checkbox"].includes(control.type)) control.checked = control.value === String(value);
    else control.value = value ?? "";
  }
}

// What the server says: {status, body}; status 0 if it cannot be reached.
async function ask(address, body) {
  const settings = body === undefined ? {} : { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) };
  const stop = new AbortController(), timer = setTimeout(() => stop.abort(), 15000);
  try {
    const response = await fetch(address, { ...settings, signal: stop.signal, cache: "no-store" });
    return { status: response.status, body: await response.json() };
  } catch {
    return { status: 0, body: {} };
  } finally {
    clearTimeout(timer);
  }
}
