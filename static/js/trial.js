// The assessment beside the intake page (试算): renewed as facts are typed, never in the way of typing or saving.
(() => {
  "use strict";
  const page = () => document.getElementById("intake-form");
  const trial = () => document.getElementById("trial");
  const isTrial = (event) => event.detail.elt.id === "trial";
  const say = (text) => {
    const said = document.getElementById("trial-said");
    if (said) said.textContent = text;
  };

  // A save assesses what it has kept: an answer still on its way, or asked for meanwhile, would say that nothing is saved.
  document.addEventListener("htmx:beforeRequest", (event) => {
    if (event.detail.elt === page() && trial()) window.htmx.trigger(trial(), "htmx:abort");
    if (isTrial(event) && page() && page().inert) event.preventDefault();
  });
  document.addEventListener("htmx:beforeOnLoad", (event) => {
    if (!isTrial(event) || !event.detail.xhr.getResponseHeader("HX-Redirect")) return;
    event.preventDefault(); // what is typed stays on the page; saving says how to go on
    say("登录已过期，试算没有更新");
  });
  document.addEventListener("htmx:sendError", (event) => {
    if (isTrial(event)) say("网络不通，试算没有更新");
  });
  document.addEventListener("htmx:responseError", (event) => {
    if (isTrial(event)) say("系统没有答复，试算没有更新");
  });

  // What was opened to be read stays open.
  let open = [];
  document.addEventListener("htmx:beforeSwap", (event) => {
    if (event.detail.target.id !== "trial") return;
    open = [...trial().querySelectorAll("details[open][data-keep-open]")].map((details) => details.dataset.keepOpen);
  });
  document.addEventListener("htmx:afterSwap", (event) => {
    if (event.detail.target.id !== "trial") return;
    for (const details of trial().querySelectorAll("details[data-keep-open]")) {
      details.open = open.includes(details.dataset.keepOpen);
    }
  });

  const goTo = (field) => {
    field.scrollIntoView({ block: "center" });
    const taking = field.matches("input, select, textarea, button") ? field : field.querySelector(":is(input, select, textarea):not([type=hidden])");
    if (taking) taking.focus({ preventScroll: true });
  };
  const supporterRow = (member) =>
    [...document.querySelectorAll("#supporters select[name$='-member']")].find((select) => select.value === member);

  document.addEventListener("click", (event) => {
    const join = event.target.closest("#trial [name=add_scheme]");
    if (join) {
      const box = document.querySelector(`#application input[name="application-schemes"][value="${CSS.escape(join.value)}"]`);
      if (!box || box.checked) return;
      event.preventDefault(); // ticked on the page, and saved with it
      box.checked = true;
      box.dispatchEvent(new Event("input", { bubbles: true }));
      return;
    }
    const jump = event.target.closest("#trial [data-jump]");
    const field = jump && (supporterRow(jump.dataset.supportersOf || "") || document.getElementById(jump.hash.slice(1)));
    if (!field) return;
    event.preventDefault();
    goTo(field);
  });
})();
