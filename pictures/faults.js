// Returns a sentence for each fault of the layout of the page: see faults.py.
() => {
  const SLACK = 2; // pixels that rounding and the edges of letters take
  const main = document.querySelector("[data-testid=stMain]");
  const faults = new Set();
  const say = text => `“${text.trim().replace(/\s+/g, " ").slice(0, 60)}”`;
  const whose = it => {
    const key = it.closest("[class*=st-key-]");
    const kind = it.closest("[data-testid]");
    return (kind ? kind.dataset.testid : it.tagName.toLowerCase()) +
      (key ? " " + [...key.classList].find(name => name.startsWith("st-key-")).slice(7) : "");
  };
  const seen = it => it.checkVisibility({ checkOpacity: true, checkVisibilityCSS: true });

  // What only those hear who do not see the page is drawn in one pixel.
  const spoken = it => {
    for (let up = it; up && up !== main; up = up.parentElement) {
      const box = up.getBoundingClientRect();
      const style = getComputedStyle(up);
      if (style.clipPath === "inset(50%)" || style.clip === "rect(0px, 0px, 0px, 0px)") return true;
      if (box.width <= 1 && box.height <= 1 && style.overflow === "hidden") return true;
    }
    return false;
  };

  for (const whole of [document.documentElement, main])
    if (whole.scrollWidth > whole.clientWidth + 1)
      faults.add(`The page scrolls sideways by ${whole.scrollWidth - whole.clientWidth} pixels.`);

  // Scrolls within the page.
  for (const it of main.querySelectorAll("*")) {
    const style = getComputedStyle(it);
    if (!seen(it) || it.clientHeight < 4 || spoken(it)) continue;
    if (/auto|scroll/.test(style.overflowY) && it.scrollHeight > it.clientHeight + SLACK)
      faults.add(`Scrolls within the page, down by ${it.scrollHeight - it.clientHeight}: ${whose(it)}.`);
    // Tabs move sideways on a phone by design: an arrow says that there are more.
    // Sideways, only what is wider than a phone by nature may move: tabs, whose arrow says that there are more, and tables.
    const wide = it.matches("[data-testid=stTabs]") || it.closest("[role=tablist], [data-testid=stDataFrame]") || it.querySelector("table");
    if (/auto|scroll/.test(style.overflowX) && it.scrollWidth > it.clientWidth + SLACK && !wide)
      faults.add(`Scrolls within the page, sideways by ${it.scrollWidth - it.clientWidth}: ${whose(it)}.`);
  }

  // Words that are cut off: by what is around them, by dots in place of their end, or by the edge of a chart.
  const texts = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    const holder = node.parentElement;
    if (!node.data.trim() || !holder || /^(SCRIPT|STYLE|NOSCRIPT|TITLE)$/.test(holder.tagName) || !seen(holder)) continue;
    if (getComputedStyle(holder).fontFamily.includes("Material Symbols") || spoken(holder)) continue;
    const side = holder.closest("[data-testid=stSidebar]");
    if (side && innerWidth < 768) continue; // folded away on a phone
    const range = document.createRange();
    range.selectNodeContents(node);
    const box = range.getBoundingClientRect();
    if (box.width < 1 || box.height < 1) continue;
    const lines = [...range.getClientRects()].filter(line => line.width > 1);
    texts.push({ node, holder, lines, svg: holder.ownerSVGElement });
    for (let up = holder; up && up !== main && up !== document.body; up = up.parentElement) {
      const style = getComputedStyle(up);
      const around = up.getBoundingClientRect();
      if (style.display === "inline" || around.width < 1) continue;
      const hides = value => /hidden|clip/.test(value);
      const sideways = Math.max(around.left - box.left, box.right - around.right);
      const down = Math.max(around.top - box.top, box.bottom - around.bottom);
      const dotted = hides(style.overflowX) && style.textOverflow === "ellipsis" && up.scrollWidth > up.clientWidth; // one pixel is enough for dots
      if (dotted || (hides(style.overflowX) && sideways > SLACK) || (hides(style.overflowY) && down > 4)) {
        faults.add(`Cut off: ${say(node.data)} in ${whose(holder)}.`);
        break;
      }
    }
    if (box.left < -SLACK || box.right > innerWidth + SLACK)
      if (main.contains(holder) && !holder.closest("[role=tablist], table")) faults.add(`Off the screen: ${say(node.data)} in ${whose(holder)}.`);
  }

  // Words of one chart over each other, and parts of the page over each other.
  const cross = (a, b, slack) =>
    Math.min(a.right, b.right) - Math.max(a.left, b.left) > slack &&
    Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top) > slack;
  const charts = new Map();
  for (const text of texts) {
    const chart = text.holder.closest("[data-testid=stPlotlyChart]");
    if (chart) charts.set(chart, [...(charts.get(chart) || []), text]);
  }
  for (const [chart, words] of charts)
    for (let a = 0; a < words.length; a++)
      for (let b = a + 1; b < words.length; b++)
        if (words[a].lines.some(one => words[b].lines.some(other => cross(one, other, 3))))
          faults.add(`Over each other in ${whose(chart)}: ${say(words[a].node.data)} and ${say(words[b].node.data)}.`);

  // What scrolls is only where it is seen.
  const inSight = it => {
    const { left, right, top, bottom } = it.getBoundingClientRect();
    const box = { left, right, top, bottom };
    for (let up = it.parentElement; up && up !== main; up = up.parentElement) {
      const style = getComputedStyle(up);
      if (style.overflowX === "visible" && style.overflowY === "visible") continue;
      const around = up.getBoundingClientRect();
      box.left = Math.max(box.left, around.left), box.right = Math.min(box.right, around.right);
      box.top = Math.max(box.top, around.top), box.bottom = Math.min(box.bottom, around.bottom);
    }
    return box;
  };
  const parts = [...main.querySelectorAll("[data-testid=stElementContainer]")].filter(seen)
    .map(it => [it, inSight(it)]).filter(([, box]) => box.right - box.left > 4 && box.bottom - box.top > 4);
  for (let a = 0; a < parts.length; a++)
    for (let b = a + 1; b < parts.length; b++) {
      const [one, oneBox] = parts[a], [other, otherBox] = parts[b];
      if (!one.contains(other) && !other.contains(one) && cross(oneBox, otherBox, 4))
        faults.add(`Over each other: ${whose(one)} ${say(one.innerText)} and ${whose(other)} ${say(other.innerText)}.`);
    }
  return [...faults];
}
