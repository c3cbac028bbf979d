// The runtime for apps whose widgets are all anywidgets: what Voila's front end does for them, in a hundredth
// of the time. The server has put the widgets' state into the page; here is the line to the kernel.
(() => {
  "use strict";
  const PROTOCOL = "v1.kernel.websocket.jupyter.org";
  const VIEW = "application/vnd.jupyter.widget-view+json";
  const parse = (id) => JSON.parse(document.getElementById(id)?.textContent || "{}");
  const {baseUrl, kernelId} = parse("jupyter-config-data");
  const session = crypto.randomUUID?.() ?? String(Math.random()).slice(2) + Date.now();
  // Until the kernel says of a message that it is at work on it, the message may have been lost on the way.
  const models = new Map(), pending = new Map();
  let line = null, wait = 500, number = 0;

  // One message as Jupyter's protocol v1 has it: offsets, channel, then the parts.
  const encode = (parts) => {
    const pieces = parts.map((part) => part instanceof ArrayBuffer ? new Uint8Array(part)
      : ArrayBuffer.isView(part) ? new Uint8Array(part.buffer, part.byteOffset, part.byteLength)
      : new TextEncoder().encode(part));
    const count = pieces.length + 1;
    let at = 8 * (count + 1);
    const offsets = [count, at, ...pieces.map((piece) => at += piece.length)];
    const whole = new Uint8Array(at), view = new DataView(whole.buffer);
    offsets.forEach((offset, n) => view.setBigUint64(8 * n, BigInt(offset), true));
    let place = 8 * (count + 1);
    for (const piece of pieces) { whole.set(piece, place); place += piece.length; }
    return whole.buffer;
  };
  const decode = (data) => {
    const view = new DataView(data), count = Number(view.getBigUint64(0, true));
    const at = (n) => Number(view.getBigUint64(8 * n, true));
    const piece = (n) => new Uint8Array(data, at(n), at(n + 1) - at(n));
    const json = (n) => JSON.parse(new TextDecoder().decode(piece(n)));
    const buffers = [];
    for (let n = 6; n < count; n++) buffers.push(new DataView(data, at(n), at(n + 1) - at(n)));
    return {kind: json(2).msg_type, about: json(3).msg_id, content: json(5), buffers};
  };
  const post = (kind, content, buffers = []) => {
    const id = session + "-" + (number += 1);
    const header = {msg_id: id, msg_type: kind, username: "", session, date: new Date().toISOString(), version: "5.4"};
    const message = encode(["shell", JSON.stringify(header), "{}", "{}", JSON.stringify(content), ...buffers]);
    pending.set(id, message);
    if (line?.readyState === WebSocket.OPEN) line.send(message);
  };

  class Model {
    constructor(id, state) { this.id = id; this.state = state; this.changed = new Set(); this.listeners = []; }
    get(name) { return this.state[name]; }
    set(name, value) {
      const given = typeof name === "object" ? name : {[name]: value};
      for (const [key, one] of Object.entries(given)) {
        if (this.state[key] === one) continue;
        this.state[key] = one;
        this.changed.add(key);
        this.tell("change:" + key, one);
      }
      this.tell("change");
    }
    save_changes() {
      const state = Object.fromEntries([...this.changed].map((key) => [key, this.state[key]]));
      this.changed.clear();
      if (Object.keys(state).length) post("comm_msg", {comm_id: this.id, data: {method: "update", state, buffer_paths: []}});
    }
    send(content, _callbacks, buffers) { post("comm_msg", {comm_id: this.id, data: {method: "custom", content}}, buffers); }
    on(names, hear, context) { for (const name of names.split(" ")) this.listeners.push({name, hear, context}); return this; }
    off(name, hear, context) {
      this.listeners = this.listeners.filter((one) => (name && one.name !== name) || (hear && one.hear !== hear) || (context && one.context !== context));
      return this;
    }
    tell(name, ...said) { for (const one of [...this.listeners]) if (one.name === name) one.hear.call(one.context, ...(name.startsWith("change") ? [this, ...said] : said)); }
    follow(state) {
      for (const [key, one] of Object.entries(state)) { this.state[key] = one; this.tell("change:" + key, one); }
      this.tell("change");
    }
  }

  const heard = ({data}) => {
    const {kind, about, content, buffers} = decode(data);
    pending.delete(about);
    const model = models.get(content.comm_id);
    if (kind !== "comm_msg" || !model) return;
    if (content.data.method === "custom") model.tell("msg:custom", content.data.content, buffers);
    else if (content.data.method === "update") model.follow(content.data.state);
  };
  const connect = () => {
    const address = new URL(baseUrl + "api/kernels/" + kernelId + "/channels?session_id=" + session, location.href);
    address.protocol = address.protocol.replace("http", "ws");
    line = new WebSocket(address, [PROTOCOL]);
    line.binaryType = "arraybuffer";
    line.addEventListener("message", heard);
    line.addEventListener("open", () => { wait = 500; for (const one of pending.values()) line.send(one); });
    // A session that is over is noticed by the page itself, see app.js.
    line.addEventListener("close", () => { if (!document.documentElement.hasAttribute("data-over")) setTimeout(connect, wait = Math.min(2 * wait, 8000)); });
  };
  const modules = new Map();
  const moduleOf = (source) => {
    if (!modules.has(source)) modules.set(source, import(URL.createObjectURL(new Blob([source], {type: "text/javascript"}))));
    return modules.get(source);
  };
  const show = async (place) => {
    const script = place.querySelector("script");
    const model = models.get(JSON.parse(script.textContent).data[VIEW].model_id);
    const el = document.createElement("div");
    if (model.get("_css")) {
      const style = document.createElement("style");
      style.textContent = model.get("_css");
      document.head.append(style);
    }
    const found = await moduleOf(model.get("_esm"));
    const widget = typeof found.default === "function" ? await found.default() : found.default ?? found;
    const signal = new AbortController().signal;
    await widget.initialize?.({model, signal, experimental: {}});
    script.replaceWith(el);
    await widget.render?.({model, el, signal, experimental: {}});
    place.removeAttribute("data-pending");
  };
  for (const [id, state] of Object.entries(parse("widgets"))) models.set(id, new Model(id, state));
  connect();
  document.querySelectorAll("[data-pending]").forEach((place) => show(place).catch(console.error));
})();
