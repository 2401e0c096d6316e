// The intake page: F2 presses the primary action, Ctrl+S keeps the draft, blank spare rows make way for the add
// button, what a faulty save brought back still counts as unsaved, a save that leads to the papers goes there.
(() => {
  "use strict";
  const page = () => document.getElementById("intake-form");

  document.addEventListener(
    "keydown",
    (event) => {
      const form = page();
      if (!form || event.isComposing) return;
      const keeps = (event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "s";
      if (event.key !== "F2" && !keeps) return;
      const other = event.target.closest("form[data-entry]");
      if (other && other !== form) return;
      const button = keeps ? form.querySelector("[data-keep]") : document.querySelector("[data-primary]");
      if (!button) return;
      event.preventDefault();
      event.stopPropagation();
      button.click(); // htmx sends the name of the button that was pressed, not that of a submitter
    },
    true,
  );

  const isBlank = (row) =>
    [...row.querySelectorAll("input:not([type=hidden], [type=checkbox]), textarea")].every(
      (field) => field.value === field.defaultValue,
    ) && !row.querySelector("[aria-invalid=true], .errorlist") && !row.querySelector("[name$='-name'], [name$='-label']").value;

  const dropSpareRows = (root) => {
    for (const box of root.querySelectorAll("[data-rows]")) {
      const total = box.querySelector(`input[name="${box.dataset.prefix}-TOTAL_FORMS"]`);
      const initial = box.querySelector(`input[name="${box.dataset.prefix}-INITIAL_FORMS"]`);
      const rows = [...box.querySelectorAll("[data-row]")];
      while (rows.length > Number(initial.value) && isBlank(rows[rows.length - 1])) {
        rows.pop().remove();
        total.value = String(rows.length);
      }
    }
  };

  // While a save is under way nothing can be typed that its answer would wipe out.
  let writing = "";
  document.addEventListener("htmx:beforeRequest", (event) => {
    const form = page();
    if (!form || event.detail.elt !== form) return;
    writing = form.contains(document.activeElement) ? document.activeElement.id : "";
    form.inert = true;
    form.setAttribute("aria-busy", "true");
  });
  const goOn = () => {
    const field = writing && document.getElementById(writing);
    writing = "";
    if (field && !document.querySelector("#intake-form [data-error-summary]")) field.focus();
  };
  document.addEventListener("htmx:afterRequest", (event) => {
    if (event.detail.elt.id !== "intake-form") return;
    event.detail.elt.inert = false;
    event.detail.elt.removeAttribute("aria-busy");
    goOn();
  });

  const ready = () => {
    const form = page();
    if (!form) return;
    dropSpareRows(form);
    if (form.querySelector("[data-error-summary], .stale-table")) {
      form.querySelector("input:not([type=hidden])").dispatchEvent(new Event("input", { bubbles: true }));
    }
  };
  ready();
  document.addEventListener("htmx:load", (event) => {
    if (event.target.id !== "main" && !event.target.querySelector("#intake-form")) return;
    ready();
  });

  document.addEventListener("jixi:go", (event) => {
    const target = event.detail.to && document.getElementById(event.detail.to);
    if (target) target.scrollIntoView({ block: "start" });
  });
})();
