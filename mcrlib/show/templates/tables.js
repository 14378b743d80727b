"use strict";
/* Tables of the page: a click on a heading sorts, a word finds rows, a button shows the rows below the fold; on a phone
   a row of a wide table is a card whose cells carry their headings. Without this script the first rows stand there in
   their order, and a wide table scrolls. What is compared is what stands in the cells. */
{
  const say = document.currentScript.dataset;
  const UNITS = { k: 1e3, m: 1e6, bn: 1e9, tn: 1e12, 万: 1e4, 萬: 1e4, 亿: 1e8, 億: 1e8, 万亿: 1e12, 兆: 1e12 };
  const NUMBER = /^[<>]?([-−]?[\d,]*\.?\d+)\s*(k|m|bn|tn|万亿|万|萬|亿|億|兆)?%?$/;
  const UNKNOWN = "–";
  const SHORT = 13, LONG = 28; /* letters that do not break; letters that take a line of a card for themselves */

  const read = text => {
    const found = text.match(NUMBER);
    if (found) return Number(found[1].replace(/,/g, "").replace("−", "-")) * (UNITS[found[2]] || 1);
    const day = text.match(/^(\d+)年(\d+)月(\d+)日$/);
    return day ? Date.UTC(day[1], day[2] - 1, day[3]) : /^\d{1,2} [A-Z][a-z]{2,3} \d{4}$/.test(text) ? Date.parse(text) : NaN;
  };
  const valuesOf = (rows, place) => {
    const cells = rows.map(row => row.cells[place]);
    const texts = cells.map(cell => cell.innerText.trim());
    const known = texts.filter(text => text !== UNKNOWN);
    const steps = cells.some(cell => cell.querySelector(".tier")) ? [..."CBAS"] : null;
    const numbers = steps ? texts.map(text => steps.indexOf(text)) : texts.map(read);
    return steps || known.every(text => !isNaN(read(text))) ? numbers.map((n, i) => texts[i] === UNKNOWN ? null : n)
      : texts.map(text => text === UNKNOWN ? null : text);
  };
  const compare = (a, b) => typeof a === "string" ? a.localeCompare(b, document.documentElement.lang) : a - b;

  const widthOf = text => text.replace(/[\u2e80-\uffff]/g, "__").length;
  const dealOut = (table, rows, heads) => {
    if (heads.length > 3) table.classList.add("stacked");
    for (const [place, head] of [...heads].entries()) {
      const cells = rows.map(row => row.cells[place]), widest = Math.max(...cells.map(cell => widthOf(cell.textContent)));
      for (const cell of cells) {
        cell.dataset.heading = head.textContent;
        cell.classList.toggle("short", widest <= SHORT);
        cell.classList.toggle("long", widthOf(cell.textContent) > LONG);
      }
    }
  };
  const equip = table => {
    const rows = [...table.tBodies[0].rows], heads = [...table.tHead.rows].at(-1).cells;
    if (rows.some(row => row.cells.length !== heads.length)) return;
    dealOut(table, rows, heads);
    if (rows.length < 5) return;
    const more = rows.filter(row => row.querySelector(".more")), top = rows.length - more.length;
    const wanted = document.createElement("input"), all = document.createElement("button"), said = document.createElement("span");
    let order = rows, unfolded = false;

    const show = () => {
      const word = wanted.value.trim().toLowerCase();
      const fitting = order.filter(row => row.textContent.toLowerCase().includes(word));
      const shown = word || unfolded ? fitting : fitting.slice(0, top);
      table.tBodies[0].replaceChildren(...order);
      for (const row of rows) row.className = shown.includes(row) ? "shown" : "hidden";
      said.textContent = word ? `${fitting.length} / ${rows.length}` : "";
    };
    for (const [place, head] of [...heads].entries()) {
      const button = document.createElement("button");
      button.append(...head.childNodes);
      head.append(button);
      button.addEventListener("click", () => {
        const values = new Map(valuesOf(rows, place).map((value, i) => [rows[i], value]));
        const numeric = [...values.values()].some(value => typeof value === "number");
        const down = head.ariaSort ? head.ariaSort === "ascending" : numeric;
        for (const one of heads) one.removeAttribute("aria-sort");
        head.ariaSort = down ? "descending" : "ascending";
        order = [...rows].sort((a, b) => {
          const [one, other] = [values.get(a), values.get(b)];
          if (one === null || other === null) return (one === null) - (other === null);
          return down ? compare(other, one) : compare(one, other);
        });
        show();
      });
    }
    if (rows.length <= 10 && !more.length) return;
    const tools = document.createElement("div"), name = table.parentElement.ariaLabel || "";
    tools.className = "tools";
    wanted.type = "search";
    wanted.placeholder = say.find.replace("{n}", rows.length);
    wanted.ariaLabel = `${wanted.placeholder} · ${name}`;
    wanted.addEventListener("input", show);
    said.role = "status";
    tools.append(wanted, said);
    if (more.length) {
      const offer = () => (all.textContent = unfolded ? say.first.replace("{n}", top) : say.all.replace("{n}", rows.length));
      all.addEventListener("click", () => {
        unfolded = !unfolded;
        offer();
        show();
      });
      offer();
      tools.append(all);
    }
    table.parentElement.before(tools);
  };
  for (const table of document.querySelectorAll("main .scroll > table")) if (table.tHead && table.tBodies[0]) equip(table);
}
