// One box in the head of a list ticks all boxes of the page. Without scripts each row is ticked by itself.
(() => {
  "use strict";

  for (const head of document.querySelectorAll("table th.pick:not(:has(input))")) {
    const table = head.closest("table");
    const boxes = [...table.querySelectorAll("td.pick input[type=checkbox]:not(:disabled)")];
    if (table.closest("form[data-batch]") || boxes.length < 2) continue;
    const all = document.createElement("input");
    all.type = "checkbox";
    all.setAttribute("aria-label", "全选本页");
    all.title = "全选本页";
    head.append(all);
    const show = () => {
      const chosen = boxes.filter((box) => box.checked).length;
      all.checked = chosen === boxes.length;
      all.indeterminate = chosen > 0 && !all.checked;
    };
    all.addEventListener("change", () => {
      for (const box of boxes) box.checked = all.checked;
    });
    table.addEventListener("change", show);
    window.addEventListener("pageshow", show);
  }
})();
