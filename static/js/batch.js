// Acts on chosen rows: one box chooses all of the page, the buttons say for how many and offer what fits.
// Without scripts the link 全选本页 and the plain buttons serve; the preview says who is left out.
(() => {
  "use strict";

  const ready = (form) => {
    const all = form.querySelector("[data-batch-all]");
    const boxes = [...form.querySelectorAll("input[name=case]")];
    if (!all || !boxes.length) return;
    const buttons = [...form.querySelectorAll("button[data-states]")];
    const count = form.querySelector("[data-batch-count]");
    const show = () => {
      const chosen = boxes.filter((box) => box.checked);
      const states = new Set(chosen.map((box) => box.dataset.state));
      all.checked = chosen.length === boxes.length;
      all.indeterminate = chosen.length > 0 && !all.checked;
      count.textContent = chosen.length ? `已选 ${chosen.length} 件：` : "勾选办件后可以：";
      for (const button of buttons) {
        button.disabled = !button.dataset.states.split(" ").some((state) => states.has(state));
      }
    };
    all.closest("label").hidden = false;
    form.querySelector("[data-batch-plain]").hidden = true;
    all.addEventListener("change", () => {
      for (const box of boxes) box.checked = all.checked;
      show();
    });
    form.addEventListener("change", show);
    // Back from the preview the browser may have kept what was chosen.
    window.addEventListener("pageshow", show);
    show();
  };

  for (const form of document.querySelectorAll("form[data-batch]")) ready(form);
})();
