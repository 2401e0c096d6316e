// 快速登记: the county's table fills the amount once cause and grade are chosen, unless it was typed; the server decides.
(() => {
  "use strict";
  const form = document.querySelector("form[data-quick]");
  if (!form) return;
  const table = JSON.parse(form.dataset.quick);
  const amount = form.elements.amount;
  let own = amount.value !== "";
  const chosen = (name) => (form.querySelector(`input[name=${name}]:checked`) || {}).value;

  form.addEventListener("input", (event) => {
    if (event.target === amount && event.isTrusted) own = amount.value !== "";
    if (event.target.name !== "cause" && event.target.name !== "grade") return;
    const proposed = (table[chosen("cause")] || {})[chosen("grade")];
    if (own || !proposed) return;
    amount.value = proposed;
    amount.dispatchEvent(new Event("input", { bubbles: true }));
  });
})();
