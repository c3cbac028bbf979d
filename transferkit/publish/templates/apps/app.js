// What an app's page does itself: say how things stand, tell the server when it is closed, end gracefully.
(() => {
  "use strict";
  const say = (words, link) => {
    const status = document.getElementById("stand");
    if (!status) return;
    status.textContent = words;
    status.classList.toggle("problem", Boolean(link));
    if (link) {
      const again = document.createElement("a");
      again.href = location.href;
      again.textContent = link;
      again.addEventListener("click", (event) => { event.preventDefault(); location.reload(); });
      status.append(" ", again);
    }
  };
  const settings = () => JSON.parse(document.getElementById("jupyter-config-data")?.textContent || "{}");
  const address = (end) => document.getElementById("stand").dataset.base + "sitzung/" + settings().kernelId + end;
  let over = false, leaving = false, interrupted = false;

  const finish = () => {
    over = true;
    document.documentElement.dataset.over = "";
    say("Diese Sitzung ist beendet, weil länger nichts geschah oder die Verbindung abbrach. Ihr Stand steht in der Adresse.", "App neu laden");
  };
  const connected = () => {
    if (interrupted && !over) say("Die Verbindung ist wieder da.");
    interrupted = false;
  };
  // Whether the session is still there: after a sleep of the phone, a broken connection, a long pause.
  const check = async () => {
    if (over || leaving || !settings().kernelId) return;
    try {
      const answer = await fetch(address(""), {cache: "no-store"});
      if (answer.status === 404) finish();
      else connected();
    } catch {
      interrupted = true;
      say("Der Server antwortet gerade nicht. Die App versucht es weiter.", "App neu laden");
      setTimeout(check, 3000);
    }
  };
  const kindOf = (data) => {
    if (!(data instanceof ArrayBuffer)) return "";
    const view = new DataView(data);
    const at = (n) => Number(view.getBigUint64(8 * n, true));
    const header = new TextDecoder().decode(new Uint8Array(data, at(2), at(3) - at(2)));
    return header.includes('"error"') ? "error" : "";
  };
  const wrong = (data) => {
    const number = /Vorfall ([A-Z0-9]{6})/.exec(new TextDecoder().decode(data));
    say("Das hat nicht geklappt. Es liegt nicht an Ihnen." + (number ? " Vorfallnummer: " + number[1] + "." : ""), "App neu laden");
  };
  const Plain = window.WebSocket;
  window.WebSocket = class extends Plain {
    constructor(...given) {
      super(...given);
      this.addEventListener("close", () => setTimeout(check, 300));
      this.addEventListener("open", connected);
      this.addEventListener("message", (event) => { if (kindOf(event.data) === "error") wrong(event.data); });
    }
  };
  addEventListener("pagehide", () => {
    leaving = true;
    if (settings().kernelId) navigator.sendBeacon(address("/ende"));
  });
  // The page comes back from the browser's memory: its session has ended.
  addEventListener("pageshow", (event) => { if (event.persisted) location.reload(); });
  document.addEventListener("visibilitychange", () => { if (!document.hidden) check(); });

  // Voila's runtime asks for these.
  window.voila_heartbeat = window.voila_process = window.voila_finish = window.update_loading_text = () => {};
  window.display_cells = () => {};

  // Jupyter's sliders stand beside their label without being tied to it.
  const tieLabels = () => {
    for (const handle of document.querySelectorAll("[role=slider]:not([aria-label])")) {
      const label = handle.closest(".jupyter-widgets")?.querySelector(".widget-label");
      if (label?.textContent) handle.setAttribute("aria-label", label.textContent);
    }
    document.querySelectorAll('.widget-label[title="null"]').forEach((label) => label.removeAttribute("title"));
  };
  // The app is ready when every widget has come; a screen reader hears it once.
  addEventListener("DOMContentLoaded", () => {
    const waiting = () => [...document.querySelectorAll("[data-pending]")].filter((one) => !one.querySelector(".lm-Widget > *"));
    const started = performance.now();
    const look = () => {
      if (over) return;
      if (!waiting().length) {
        document.querySelectorAll("[data-pending]").forEach((one) => one.removeAttribute("data-pending"));
        document.documentElement.dataset.ready = "";
        tieLabels();
        if (document.querySelector(".jupyter-widgets")) new MutationObserver(tieLabels).observe(document.body, {childList: true, subtree: true});
        say(document.querySelector("[data-failed]") ? "" : "Die App ist bereit.");
      } else if (performance.now() - started > 20000) {
        say("Die App lässt sich gerade nicht laden.", "App neu laden");
      } else requestAnimationFrame(look);
    };
    look();
  });
})();
