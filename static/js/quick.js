// 快速登记、先行救助: the county's table fills the amount once cause and grade are chosen, unless it was typed, and says
// how it comes about; all of it came with the page, and the server decides.
(() => {
  "use strict";
  const data = document.getElementById("suggestions");
  const form = data && data.closest("form");
  if (!form) return;
  const table = JSON.parse(data.textContent);
  const amount = form.elements.amount;
  const shown = document.getElementById("suggestion");
  const chosen = (name) => (form.querySelector(`input[name=${name}]:checked`) || {}).value || "";
  const proposed = () => (table[chosen("cause")] || {})[chosen("grade")];
  const plain = (text) => text.replaceAll(",", "");
  const first = proposed();
  let own = amount.value !== "" && !(first && Number(plain(amount.value)) === Number(plain(first.amount)));

  const line = (tag, text, name) => {
    const element = document.createElement(tag);
    element.textContent = text;
    if (name) element.className = name;
    return element;
  };

  const explain = (found) => {
    const says = line("p", "建议金额 ");
    says.append(line("strong", found.amount), " 元");
    const lines = line("ul", "", "lines");
    lines.append(...found.lines.map((text) => line("li", text, "small")));
    shown.replaceChildren(says, lines);
  };

  form.addEventListener("input", (event) => {
    if (event.target === amount && event.isTrusted) own = amount.value !== "";
    if (event.target.name !== "cause" && event.target.name !== "grade") return;
    const found = proposed();
    if (!found) return;
    explain(found);
    if (own) return;
    amount.value = found.amount;
    amount.dispatchEvent(new Event("input", { bubbles: true }));
  });
})();
