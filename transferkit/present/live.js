// Makes a form live: sends what a reader changes, exchanges the parts of the page that follow, draws charts.
// Everything here is an addition: without this script the form still opens the page with what was chosen.

const WAIT = { range: 40, text: 350, place: 100 }; // ms after the last change; other controls at once
const GERMAN = {
  decimal: ",", thousands: ".", grouping: [3], currency: ["", "\u00a0€"], minus: "−", percent: "\u202f%",
};
const COLOURS = { "#0b5c68": "accent", "#1b2026": "ink", "#505a66": "muted", "#c9d0d8": "line" };
const NARROW = "(max-width: 44rem)";

function render({ model, el }) {
  const html = model.get("form");
  if (html) el.innerHTML = html; // JupyterLab; an app has its forms in its page already
  const forms = [...(html ? el : document).querySelectorAll("form[data-live]")];
  if (!forms.length) return;
  const live = new Live(model, forms, html ? null : document);
  model.on("msg:custom", live.heard);
  return () => { model.off("msg:custom", live.heard); live.leave(); };
}

class Live {
  constructor(model, forms, page) {
    Object.assign(this, { model, forms, page, asked: 0, sent: 0, waiting: false, timer: 0, searches: 0 });
    this.leaving = new AbortController();
    this.active = forms[0]; // the one that was touched last tells what happened
    forms.forEach((form) => this.listen(form));
    this.said = this.state();
    if (page) {
      this.remember(location.search.slice(1));
      this.seen(page);
      matchMedia(NARROW).addEventListener(
        "change", () => page.querySelectorAll("figure[data-chart]").forEach(draw), { signal: this.leaving.signal });
    }
    for (const form of forms) form.dataset.ready = "";
  }

  listen(form) {
    const on = (type, hear) =>
      form.addEventListener(type, (event) => { this.active = form; hear(event); }, { signal: this.leaving.signal });
    on("submit", (event) => { event.preventDefault(); this.changed(0); });
    on("input", (event) => this.typed(event));
    on("change", (event) => this.chosen(event));
    on("click", (event) => this.clicked(event));
    on("keydown", (event) => this.pressed(event));
    on("pointerdown", (event) => this.tapped(event));
    on("focusout", (event) => this.left(event));
    for (const part of form.querySelectorAll("[data-plain]")) part.hidden = true;
    form.querySelectorAll("[data-control]").forEach(showReset);
  }

  find(selector) {
    for (const form of this.forms) {
      const found = form.querySelector(selector);
      if (found) return found;
    }
    return null;
  }

  leave() { this.leaving.abort(); clearTimeout(this.timer); }

  // What the form says: the value of each control as the notebook's parameter has it.
  state() {
    const found = {};
    for (const form of this.forms)
      for (const control of form.querySelectorAll("[data-control]"))
        found[control.dataset.control] = valueOf(control);
    return found;
  }

  // One question is under way at a time; of those that come meanwhile only the last one is asked.
  changed(wait) {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.ask(), wait);
  }

  ask() {
    const state = this.state();
    if (this.waiting || same(state, this.said)) return;
    this.said = state;
    this.waiting = true;
    this.sent = performance.now();
    this.model.send({ kind: "change", n: ++this.asked, state });
    this.slow = setTimeout(() => this.say("Wird neu berechnet …"), 400);
  }

  heard = (message) => {
    if (message.kind === "found") { this.offered(message); return; }
    if (message.kind === "controls") { this.exchangeControls(message.controls); return; }
    if (message.n !== this.asked) return; // an answer to an older question
    clearTimeout(this.slow);
    this.waiting = false;
    if (message.kind === "results") this.follow(message);
    else this.say(message.said, true);
    if (!same(this.state(), this.said)) this.changed(0); // something was changed meanwhile
  };

  follow({ regions, controls, query, said }) {
    this.exchangeControls(controls);
    for (const [number, html] of Object.entries(regions)) {
      const region = this.page?.querySelector(`[data-region="${CSS.escape(number)}"]`);
      if (region) exchange(region, html);
    }
    if (this.page) { this.remember(query); this.seen(this.page); }
    this.say(said);
    this.forms[0].dataset.took = Math.round(performance.now() - this.sent);
    this.forms[0].dataset.answered = this.asked;
  }

  exchangeControls(controls) {
    for (const [name, html] of Object.entries(controls)) {
      const control = this.exchangeControl(name, html);
      if (control && this.said) this.said[name] = valueOf(control);
    }
  }

  exchangeControl(name, html) {
    const control = this.find(`[data-control="${CSS.escape(name)}"]`);
    const focused = control?.contains(document.activeElement) ? document.activeElement : null;
    if (!control || (focused && focused.type === "text" && control.dataset.kind !== "place")) return control;
    exchange(control, html);
    showReset(control);
    if (focused?.id) this.find(`#${CSS.escape(focused.id)}`)?.focus();
    return control;
  }

  // The address reopens what is seen, and so do the links to files.
  remember(query) {
    const address = query ? `?${query}` : location.pathname;
    if (this.asked) history.replaceState(history.state, "", address);
    const name = location.pathname.split("/").filter(Boolean).pop();
    const take = this.page.querySelector("[data-take]");
    if (!take || !name) return;
    const base = location.pathname.endsWith("/") ? "." : `./${name}`;
    for (const link of take.querySelectorAll("[data-file]")) {
      const file = link.dataset.file === "page" ? "seite" : `datei/${name}.${link.dataset.file}`;
      link.href = `${base}/${file}${query ? `?${query}` : ""}`;
      link.setAttribute("download", "");
    }
    take.hidden = false;
  }

  seen(page) {
    numberSources(page);
    page.querySelectorAll("figure[data-chart]:not([data-drawn])").forEach(draw);
    for (const region of page.querySelectorAll("[data-region]")) hideEmpty(region);
    for (const heading of [...page.querySelectorAll("h3, h2")].sort((a, b) => a.tagName < b.tagName ? 1 : -1))
      hideAlone(heading);
  }

  say(words, refused = false) {
    const status = this.active.querySelector("[data-status]");
    for (const form of this.forms) if (form !== this.active) form.querySelector("[data-status]").textContent = "";
    status.toggleAttribute("data-refused", refused);
    status.textContent = "";
    requestAnimationFrame(() => { status.textContent = words; }); // said again even if it is the same
  }

  // Controls

  typed({ target }) {
    const control = target.closest("[data-control]");
    if (!control) return;
    if (target.getAttribute("role") === "combobox") { this.search(target); return; }
    const output = target.nextElementSibling;
    if (output?.tagName === "OUTPUT") output.value = target.value;
    showReset(control);
    if (target.type === "range") this.changed(WAIT.range);
    if (target.type === "text") this.changed(WAIT.text);
  }

  chosen({ target }) {
    const control = target.closest("[data-control]");
    if (!control || target.getAttribute("role") === "combobox") return;
    countAnswers(control);
    showReset(control);
    this.changed(target.type === "range" ? WAIT.range : 0);
  }

  clicked({ target }) {
    const control = target.closest("[data-control]");
    if (target.closest("[data-reset]")) {
      for (const input of control.querySelectorAll("input[data-default]")) {
        input.value = input.dataset.default;
        input.nextElementSibling.value = input.dataset.default;
      }
      for (const input of control.querySelectorAll("input[type=radio]"))
        input.checked = input.value === input.closest("[data-key]").dataset.proposed;
      countAnswers(control);
      showReset(control);
      control.querySelector("summary, input:not([type=hidden])")?.focus();
      this.changed(0);
    }
  }

  // The search for a place: a combobox with a list, as the ARIA practices describe it.

  search(input) {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => {
      const text = input.value.trim();
      if (text.length < 2) { this.close(input); return; }
      this.looked = { name: input.name, n: `s${++this.searches}`, text };
      this.model.send({ kind: "search", ...this.looked });
    }, WAIT.place);
  }

  offered({ n, name, places }) {
    const input = this.find(`input[name="${CSS.escape(name)}"]`);
    if (!input || n !== this.looked?.n || document.activeElement !== input) return;
    const list = input.parentElement.querySelector("[role=listbox]");
    list.replaceChildren(...places.map(([key, label, where], place) => {
      const option = document.createElement("li");
      const small = document.createElement("span");
      Object.assign(option, { id: `${list.id}-${place}`, role: "option" });
      option.setAttribute("role", "option");
      option.setAttribute("aria-selected", "false");
      Object.assign(option.dataset, { key, label });
      small.textContent = where;
      option.append(`${label} `, small);
      return option;
    }));
    list.hidden = !places.length;
    input.setAttribute("aria-expanded", String(!list.hidden));
    input.removeAttribute("aria-activedescendant");
    this.say(places.length ? `${places.length === 1 ? "1 Vorschlag" : `${places.length} Vorschläge`}. Wählen Sie mit den Pfeiltasten.`
      : "Keinen Ort gefunden. Prüfen Sie die Schreibweise.");
    // Keys that were pressed before the list had come.
    const key = this.early;
    this.early = "";
    if (key === "Enter") this.take(input, list.firstElementChild);
    else if (key && places.length) this.mark(input, [...list.children], key === "ArrowUp" ? places.length - 1 : 0);
  }

  mark(input, options, chosen) {
    options.forEach((option, n) => option.setAttribute("aria-selected", String(n === chosen)));
    input.setAttribute("aria-activedescendant", options[chosen].id);
    options[chosen].scrollIntoView({ block: "nearest" });
  }

  pressed(event) {
    const input = event.target;
    if (input.getAttribute?.("role") !== "combobox") return;
    const list = input.parentElement.querySelector("[role=listbox]");
    const options = [...list.children];
    const at = options.findIndex((option) => option.getAttribute("aria-selected") === "true");
    if (event.key === "Escape") { this.close(input); input.value = input.defaultValue; return; }
    if (event.key === "Enter") {
      event.preventDefault();
      if (!list.hidden) this.take(input, options[Math.max(at, 0)]);
      else if (input.value.trim() !== input.defaultValue) { this.early = event.key; this.search(input); }
      return;
    }
    if (event.key !== "ArrowDown" && event.key !== "ArrowUp") return;
    event.preventDefault();
    if (list.hidden || !options.length) { this.early = event.key; this.search(input); return; }
    const step = event.key === "ArrowDown" ? 1 : -1;
    const next = at < 0 ? (step > 0 ? 0 : options.length - 1) : (at + step + options.length) % options.length;
    this.mark(input, options, next);
  }

  tapped(event) {
    const option = event.target.closest("[role=option]");
    if (!option) return;
    event.preventDefault(); // the field keeps the focus
    this.take(option.closest("[data-control]").querySelector("[role=combobox]"), option);
  }

  take(input, option) {
    if (!option) return;
    input.value = input.defaultValue = option.dataset.label;
    input.dataset.value = option.dataset.key;
    this.close(input);
    this.changed(0);
  }

  close(input) {
    this.looked = null;
    this.early = "";
    const list = input.parentElement.querySelector("[role=listbox]");
    list.hidden = true;
    list.replaceChildren();
    input.setAttribute("aria-expanded", "false");
    input.removeAttribute("aria-activedescendant");
  }

  left({ target }) {
    if (target.getAttribute("role") !== "combobox") return;
    this.close(target);
    target.value = target.defaultValue; // what was not chosen does not count
  }
}

const same = (one, other) => JSON.stringify(one) === JSON.stringify(other);

function valueOf(control) {
  const kind = control.dataset.kind;
  if (kind === "place") return control.querySelector("[role=combobox]").dataset.value;
  const hidden = control.querySelector("input[type=hidden]");
  if (kind === "kept") return hidden.value;
  if (!hidden) return control.querySelector("select, input").value;
  hidden.value = {
    weights: () => pairs(control, "input[data-key]", (input) => input.value !== input.dataset.default && input.value),
    fields: () => pairs(control, "input[data-key]", (input) => input.value.trim().replace(/[;=\s]/g, "")),
    answers: () => pairs(control, "[data-key]", (question) => {
      const said = question.querySelector("input:checked")?.value;
      return said !== question.dataset.proposed && said;
    }),
    checks: () => [...control.querySelectorAll("input:checked")].map((input) => input.dataset.key).join(";"),
  }[kind]();
  return hidden.value;
}

function pairs(control, what, value) {
  return [...control.querySelectorAll(what)]
    .map((part) => [part.dataset.key, value(part)])
    .filter(([, said]) => said !== false && said !== undefined && said !== "")
    .map((pair) => pair.join("=")).join(";");
}

function showReset(control) {
  const button = control.querySelector("[data-reset]");
  if (button) button.hidden = !valueOf(control);
}

function countAnswers(control) {
  for (const group of control.querySelectorAll("[data-group]")) {
    const questions = [...group.querySelectorAll("[data-key]")];
    const answered = questions.filter((question) => question.querySelector("input:checked")).length;
    group.querySelector("[data-count]").textContent = `${answered} von ${questions.length} beantwortet`;
  }
}

// Exchange what is inside, but keep unfolded what a reader has unfolded.
function exchange(element, html) {
  const open = [...element.querySelectorAll("details")].map((details) => details.open);
  const height = element.offsetHeight;
  element.style.minHeight = `${height}px`; // the page does not jump while a chart is drawn
  element.innerHTML = html;
  element.querySelectorAll("details").forEach((details, n) => { if (n in open) details.open = open[n]; });
  requestAnimationFrame(() => requestAnimationFrame(() => { element.style.minHeight = ""; }));
}

function numberSources(page) {
  const numbers = new Map([...page.querySelectorAll('li[id^="q-"]')].map((item, n) => [item.id, n + 1]));
  for (const mark of page.querySelectorAll('sup.q a[href^="#q-"]')) {
    const number = numbers.get(mark.getAttribute("href").slice(1));
    if (!number) continue;
    mark.textContent = number;
    mark.setAttribute("aria-label", `Quelle ${number}`);
  }
}

// A heading whose cells show nothing says nothing, nor do the words between: they go until there is something.
function hideAlone(heading) {
  const under = [];
  for (let next = heading.nextElementSibling; next && !/^H[12]$/.test(next.tagName); next = next.nextElementSibling) {
    if (next.tagName === heading.tagName) break;
    under.push(next);
  }
  const regions = under.filter((part) => part.matches("[data-region]"));
  const rest = under.filter((part) => !part.matches("[data-region], p, ul"));
  if (!regions.length) return;
  const empty = regions.every((region) => region.hidden) && rest.every((part) => part.hidden);
  for (const part of [heading, ...under.filter((one) => one.matches("p, ul"))]) part.hidden = empty;
}

function hideEmpty(region) {
  const empty = !region.textContent.trim() && !region.querySelector("svg, img, input");
  region.hidden = empty;
}

async function draw(figure) {
  const script = figure.querySelector('script[type="application/json"]');
  const drawing = figure.querySelector(".drawing");
  figure.dataset.drawn = "";
  if (!window.transferkitVega) { figure.querySelector("details").open = true; return; }
  try {
    const { vegaEmbed } = await import(new URL(window.transferkitVega, document.baseURI).href);
    const widths = JSON.parse(script.textContent);
    const spec = (matchMedia(NARROW).matches && widths.narrow) || Object.values(widths)[0];
    for (const layer of spec.layer ?? []) pointable(layer, spec.datasets);
    const { finalize } = await vegaEmbed(drawing, spec, {
      actions: false, renderer: "svg", ast: true, mode: "vega-lite", formatLocale: GERMAN,
    });
    figure.finalize?.();
    figure.finalize = finalize;
    // The drawing as a whole has its text alternative; what Vega says about its parts is English.
    for (const part of drawing.querySelectorAll("svg, svg *"))
      for (const name of part.getAttributeNames())
        if (name === "role" || name.startsWith("aria-")) part.removeAttribute(name);
    const svg = drawing.querySelector("svg");
    svg?.setAttribute("aria-hidden", "true");
    if (svg) contain(svg);
    for (const part of drawing.querySelectorAll("[fill], [stroke]"))
      for (const kind of ["fill", "stroke"]) {
        const token = COLOURS[part.getAttribute(kind)];
        if (token) part.style[kind] = `var(--${token}, ${part.getAttribute(kind)})`;
      }
  } catch (error) {
    figure.querySelector("details").open = true; // the numbers say the same
    console.error(error);
  }
}

// Names are measured for Arial. Where the browser has a wider font instead, the drawing makes room for them.
function contain(svg) {
  const { x, width } = svg.getBBox();
  const [whole, high] = ["width", "height"].map((name) => parseFloat(svg.getAttribute(name)));
  const left = Math.min(0, Math.floor(x)), right = Math.max(whole, Math.ceil(x + width));
  svg.setAttribute("viewBox", `${left} 0 ${right - left} ${high}`);
  svg.setAttribute("width", right - left);
}

// Who points at a dot or a name reads it in full: names are cut where a drawing is narrow.
function pointable(layer, datasets) {
  if (datasets?.[layer.data?.name ?? "rows"]?.some((row) => row.told))
    layer.encoding = { ...layer.encoding, tooltip: { field: "told", type: "nominal" } };
}

export default { render };
