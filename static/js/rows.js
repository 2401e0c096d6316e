// Formset rows edited in place: add, copy, remove with undo. Without scripts the 删除 boxes and spare rows serve.
(() => {
  "use strict";

  const total = (box) => box.querySelector(`input[name="${box.dataset.prefix}-TOTAL_FORMS"]`);
  const limit = (box) => Number(box.querySelector(`input[name="${box.dataset.prefix}-MAX_NUM_FORMS"]`).value);
  const say = (box, text) => {
    box.querySelector("[data-row-status]").textContent = text;
  };
  const changed = (box) => total(box).dispatchEvent(new Event("input", { bubbles: true }));

  const readyRow = (row) => {
    const buttons = row.querySelector("[data-row-buttons]");
    const label = row.querySelector("[data-row-delete]");
    if (buttons) buttons.hidden = false;
    if (label) {
      label.hidden = true;
      if (label.querySelector("input").checked) markRemoved(row, true);
    } else {
      for (const button of row.querySelectorAll("[data-row-remove]")) button.hidden = true;
    }
  };

  const markRemoved = (row, removed) => {
    row.classList.toggle("is-removed", removed);
    row.querySelector("[data-row-remove]").hidden = removed;
    row.querySelector("[data-row-undo]").hidden = !removed;
    const copy = row.querySelector("[data-row-copy]");
    if (copy) copy.hidden = removed;
  };

  const addRow = (box, source) => {
    const count = Number(total(box).value);
    if (count >= limit(box)) {
      say(box, "行数已到上限。");
      return null;
    }
    const holder = document.createElement("tbody");
    holder.innerHTML = box.querySelector("template[data-row-template]").innerHTML.replaceAll("__prefix__", String(count));
    const row = holder.querySelector("[data-row]");
    if (source) {
      const from = valuesOf(source);
      for (const field of fieldsOf(row)) copyValue(field, from.get(nameIn(field)));
      source.after(row);
    } else {
      box.querySelector("tbody").append(row);
    }
    total(box).value = String(count + 1);
    readyRow(row);
    if (window.htmx) window.htmx.process(row);
    const first = row.querySelector("input:not([type=hidden]), select, textarea");
    if (first) first.focus();
    say(box, source ? "已复制一行。" : "已添加一行。");
    changed(box);
    return row;
  };

  // "members-3-name" → "name"; the row's own key and its removal mark are never copied.
  const nameIn = (field) => field.name.replace(/^.*-\d+-/, "");
  const fieldsOf = (row) =>
    [...row.querySelectorAll("input, select, textarea")].filter((field) => !["id", "DELETE", "version"].includes(nameIn(field)));
  const valuesOf = (row) => {
    const values = new Map();
    for (const field of fieldsOf(row)) {
      const list = values.get(nameIn(field)) || [];
      list.push(field);
      values.set(nameIn(field), list);
    }
    return values;
  };
  const copyValue = (field, sources) => {
    if (!sources || field.type === "file" || field.hasAttribute("data-no-copy")) return;
    if (field.type === "checkbox" || field.type === "radio") {
      field.checked = sources.some((source) => source.checked && source.value === field.value);
    } else {
      field.value = sources[0].value;
    }
  };

  document.addEventListener("click", (event) => {
    const box = event.target.closest("[data-rows]");
    if (!box) return;
    const row = event.target.closest("[data-row]");
    if (event.target.closest("[data-row-add]")) addRow(box, null);
    else if (event.target.closest("[data-row-copy]")) addRow(box, row);
    else if (event.target.closest("[data-row-remove]") || event.target.closest("[data-row-undo]")) {
      const removed = event.target.closest("[data-row-remove]") !== null;
      row.querySelector("[data-row-delete] input").checked = removed;
      markRemoved(row, removed);
      row.querySelector(removed ? "[data-row-undo]" : "[data-row-remove]").focus();
      say(box, removed ? "已移除一行，保存后生效，可以撤销。" : "已撤销移除。");
      changed(box);
    }
  });

  const ready = (root) => {
    for (const box of root.querySelectorAll("[data-rows]")) {
      for (const row of box.querySelectorAll("[data-row]")) readyRow(row);
      box.querySelector("[data-row-add]").hidden = false;
    }
  };
  ready(document);
  document.addEventListener("htmx:load", (event) => ready(event.target));
})();
