// An ID number (GB 11643) fills birth date, sex and age beside it and checks its own digit; the server decides.
// Use: data-id-number on the number, data-id-fill="birth_date|sex|age" on what it fills, in the same row or form.
(() => {
  "use strict";
  const WEIGHTS = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
  const CHECK = "10X98765432";

  const read = (text) => {
    const number = text.normalize("NFKC").replace(/\s/g, "").toUpperCase();
    if (!number) return { number };
    if (/^\d{15}$/.test(number)) return { number, fault: "这是15位旧号码，请换成18位身份证号。" };
    if (!/^\d{17}[\dX]$/.test(number)) return { number, fault: `身份证号应为18位，现在是${number.length}位。` };
    const [year, month, day] = [number.slice(6, 10), number.slice(10, 12), number.slice(12, 14)].map(Number);
    const born = new Date(year, month - 1, day);
    const today = new Date();
    if (born.getFullYear() !== year || born.getMonth() !== month - 1 || born.getDate() !== day || born > today) {
      return { number, fault: "身份证号里的出生日期不对。" };
    }
    const sum = WEIGHTS.reduce((total, weight, index) => total + weight * Number(number[index]), 0);
    if (CHECK[sum % 11] !== number[17]) return { number, fault: "身份证号校验位不对，请对照证件逐位核对。" };
    const before = today.getMonth() < month - 1 || (today.getMonth() === month - 1 && today.getDate() < day);
    return {
      number,
      birth_date: `${number.slice(6, 10)}-${number.slice(10, 12)}-${number.slice(12, 14)}`,
      sex: Number(number[16]) % 2 ? "male" : "female",
      age: String(today.getFullYear() - year - (before ? 1 : 0)),
    };
  };

  const fill = (target, value) => {
    if (target.type === "radio") target.checked = target.value === value;
    else if ("value" in target && target.matches("input, select")) target.value = value;
    else target.textContent = value;
  };

  const show = (field, final) => {
    const result = read(field.value);
    const hint = window.jixi.hintOf(field);
    const early = !final && result.number && result.number.length < 18;
    hint.classList.toggle("is-wrong", Boolean(result.fault));
    if (early) {
      hint.textContent = "";
      return;
    }
    hint.textContent = result.fault || (result.age ? `${result.sex === "male" ? "男" : "女"}，${result.age}周岁` : "");
    if (!result.birth_date) return;
    const scope = field.closest("[data-row], [data-person]") || field.form;
    for (const target of scope.querySelectorAll("[data-id-fill]")) {
      if (target !== field) fill(target, result[target.dataset.idFill] || "");
    }
  };

  for (const kind of ["input", "change"]) {
    document.addEventListener(kind, (event) => {
      if (event.target.matches && event.target.matches("[data-id-number]")) show(event.target, kind === "change");
    });
  }
})();
