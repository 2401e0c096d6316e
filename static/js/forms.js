// Forms: Enter to the next field, F2 or Ctrl+S saves, unsaved input warns, no double submit,
// amounts read aloud, camera, both versions of a stale form.
(() => {
  "use strict";
  const ENTRY = "form[data-entry]";
  const FIELDS = "input:not([type=hidden], [type=submit], [type=button]), select, textarea";
  const dirty = new Set();

  // checkVisibility also sees into a closed 更多情况.
  const visible = (element) => !element.disabled && !element.readOnly && element.checkVisibility();

  const focusNext = (form, current) => {
    const fields = [...form.elements].filter(
      (element) => (element.matches(FIELDS) || element.matches("button[type=submit], [data-row-add] button")) && visible(element),
    );
    const next = fields[fields.indexOf(current) + 1];
    if (!next) return;
    next.focus();
    if (next.select && next.matches("input:not([type=file], [type=checkbox], [type=radio])")) next.select();
  };

  const save = (form) => {
    const button = form.querySelector("[data-save]") || form.querySelector("button[type=submit]") ||
      document.querySelector(`button[type=submit][form="${form.id}"]`);
    form.requestSubmit(button || undefined);
  };

  document.addEventListener("keydown", (event) => {
    if (event.isComposing) return;
    const wantsSave = event.key === "F2" || ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "s");
    if (wantsSave) {
      const form = event.target.closest(ENTRY) || document.querySelector(ENTRY);
      if (form) {
        event.preventDefault();
        save(form);
      }
      return;
    }
    if (event.key !== "Enter" || event.ctrlKey || event.shiftKey || event.altKey) return;
    const field = event.target;
    if (!field.form || !field.form.matches(ENTRY)) return;
    if (!field.matches("input:not([type=submit], [type=button], [type=file]), select")) return;
    event.preventDefault();
    focusNext(field.form, field);
  });

  document.addEventListener("input", (event) => {
    const form = event.target.form;
    if (form && form.matches(ENTRY)) dirty.add(form);
    if (event.target.matches("[data-amount]")) showAmount(event.target);
  });

  window.addEventListener("beforeunload", (event) => {
    if ([...dirty].some((form) => form.isConnected)) event.preventDefault();
  });

  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (form.hasAttribute("hx-post")) return; // counts as saved once the answer is there
    dirty.delete(form);
    if (form.method !== "post") return;
    if (form.dataset.sent) {
      event.preventDefault();
      return;
    }
    form.dataset.sent = "1";
    const button = event.submitter;
    window.setTimeout(() => {
      if (button) button.setAttribute("aria-disabled", "true");
    });
  });

  // A page that comes back from the browser's memory may be sent again.
  window.addEventListener("pageshow", () => {
    for (const form of document.querySelectorAll("form[data-sent]")) {
      delete form.dataset.sent;
      for (const button of form.elements) button.removeAttribute("aria-disabled");
    }
  });

  document.addEventListener("htmx:afterRequest", (event) => {
    const form = event.target.closest(ENTRY);
    if (form && event.detail.successful && event.detail.elt === form && !keptBack.has(event.detail.xhr)) dirty.delete(form);
  });

  // What could not be saved stays on the page, with what to do: no way back to the server, or signed out meanwhile.
  const keptBack = new WeakSet();
  const tell = (form, text, link) => {
    let box = form.querySelector("[data-not-saved]");
    if (!box) {
      box = document.createElement("div");
      box.className = "banner banner-warning not-saved";
      box.setAttribute("role", "alert");
      box.dataset.notSaved = "";
      form.prepend(box);
    }
    box.textContent = text;
    if (link) {
      const anchor = document.createElement("a");
      anchor.href = link;
      anchor.target = "_blank";
      anchor.textContent = "在新窗口登录";
      box.append(anchor);
    }
    box.scrollIntoView({ block: "center" });
  };
  const sends = (event) => (event.detail.elt.matches(ENTRY) ? event.detail.elt : null);

  document.addEventListener("htmx:beforeOnLoad", (event) => {
    const form = sends(event);
    const login = form && event.detail.xhr.getResponseHeader("HX-Redirect");
    if (!login) return;
    event.preventDefault();
    keptBack.add(event.detail.xhr);
    dirty.add(form);
    tell(form, "登录已过期，还没有保存。您填写的内容都还在：请先登录，再回到这一页按保存。", "/");
  });
  document.addEventListener("htmx:sendError", (event) => {
    const form = sends(event);
    if (form) tell(form, "网络不通，还没有保存。您填写的内容都还在，请稍后再按保存。");
  });
  document.addEventListener("htmx:responseError", (event) => {
    const form = sends(event);
    if (form) tell(form, "系统没有答复，还没有保存。您填写的内容都还在，请稍后再按保存；仍不行的，请联系系统管理员。");
  });
  // Signing in again changes the token that the page was made with.
  document.addEventListener("htmx:configRequest", (event) => {
    const token = /(?:^|; )csrftoken=([^;]+)/.exec(document.cookie);
    if (!token) return;
    event.detail.headers["x-csrftoken"] = token[1];
    if (event.detail.parameters.csrfmiddlewaretoken) event.detail.parameters.csrfmiddlewaretoken = token[1];
  });

  const hintOf = (field) => {
    let hint = field.parentElement.querySelector(".hint");
    if (!hint) {
      hint = document.createElement("p");
      hint.className = "hint";
      hint.setAttribute("role", "status");
      field.after(hint);
    }
    return hint;
  };

  const readAmount = (text) => {
    const plain = text.normalize("NFKC").replace(/[,\s¥]/g, "");
    const match = /^(\d+(?:\.\d+)?)(万)?元?$/.exec(plain);
    if (!match) return null;
    const [whole, part = ""] = match[1].split(".");
    const places = match[2] ? 4 : 0;
    const digits = part.padEnd(places, "0");
    const yuan = (whole + digits.slice(0, places)).replace(/^0+(?=\d)/, "");
    const fen = digits.slice(places).replace(/0+$/, "");
    return fen.length > 2 ? null : `${yuan.replace(/\B(?=(\d{3})+$)/g, ",")}.${fen.padEnd(2, "0")}`;
  };

  const showAmount = (field) => {
    const hint = hintOf(field);
    const amount = field.value.trim() && readAmount(field.value);
    hint.classList.toggle("is-wrong", amount === null);
    if (amount === null) hint.textContent = "请填金额，例如 12000 或 1.2万";
    else hint.textContent = amount && amount !== field.value.trim() ? `＝ ${amount}元` : "";
  };

  const readyCamera = (box) => {
    const input = box.querySelector("input[type=file]");
    const button = box.querySelector("[data-camera-open]");
    const phone = window.matchMedia("(pointer: coarse)").matches;
    button.hidden = !phone;
    button.addEventListener("click", () => {
      input.setAttribute("capture", "environment");
      input.click();
      input.removeAttribute("capture");
    });
    input.addEventListener("change", () => {
      const names = [...input.files].map((file) => file.name);
      box.querySelector("[data-camera-names]").textContent = names.length > 1 ? `已选 ${names.length} 个文件` : "";
    });
  };

  document.addEventListener("click", (event) => {
    const take = event.target.closest("[data-take]");
    if (!take) return;
    const fields = [...document.getElementsByName(take.dataset.take)];
    if (!fields.length) return;
    for (const field of fields) {
      if (field.type === "radio") field.checked = field.value === take.dataset.value;
      else if (field.type === "checkbox") field.checked = take.dataset.value === "True";
      else field.value = take.dataset.value;
    }
    fields[0].dispatchEvent(new Event("input", { bubbles: true }));
    take.textContent = "已采用";
    take.disabled = true;
  });

  const ready = (root) => {
    for (const box of root.querySelectorAll("[data-camera]")) readyCamera(box);
    for (const button of root.querySelectorAll("[data-take]")) {
      button.hidden = document.getElementsByName(button.dataset.take).length === 0;
    }
    const summary = root.querySelector("[data-error-summary]");
    if (summary) summary.focus();
  };
  ready(document);
  document.addEventListener("htmx:load", (event) => ready(event.target));
  window.jixi = Object.assign(window.jixi || {}, { hintOf });
})();
