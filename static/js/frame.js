// Keyboard and menus of every page: "/" to the search, data-key letters, menus and questions that close.
(() => {
  "use strict";
  const typing = (target) => target.closest("input, textarea, select, [contenteditable]") !== null;

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.altKey || event.metaKey || event.isComposing) return;
    if (event.key === "Escape") {
      for (const open of document.querySelectorAll("details[data-menu][open], details[data-ask][open]")) {
        open.open = false;
        open.querySelector("summary").focus();
      }
      return;
    }
    if (typing(event.target)) return;
    if (event.key === "/") {
      const search = document.querySelector("[data-search]");
      if (search) {
        event.preventDefault();
        search.focus();
        search.select();
      }
      return;
    }
    const keyed = event.key.length === 1 && document.querySelector(`[data-key="${CSS.escape(event.key.toLowerCase())}"]`);
    if (keyed) {
      event.preventDefault();
      keyed.click();
    }
  });

  document.addEventListener("click", (event) => {
    for (const open of document.querySelectorAll("details[data-menu][open], details[data-ask][open]")) {
      if (!open.contains(event.target)) open.open = false;
    }
    const close = event.target.closest("[data-ask-close]");
    if (close) {
      const ask = close.closest("details");
      ask.open = false;
      ask.querySelector("summary").focus();
    }
    if (event.target.closest("[data-print]")) window.print();
  });

  const ready = (root) => {
    for (const button of root.querySelectorAll("[data-ask-close], [data-print]")) button.hidden = false;
  };
  ready(document);
  document.addEventListener("htmx:load", (event) => ready(event.target));
})();
