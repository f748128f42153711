// check returns what is wrong with the page as it is laid out: sideways scrolling, contrast (WCAG 2.2, 1.4.3), targets (2.5.8).
(() => {
  const wrong = [];
  const say = (what, el) => wrong.push(what + ": " + el.outerHTML.slice(0, 140).replace(/\s+/g, " "));
  const seen = el => {
    const r = el.getBoundingClientRect(), s = getComputedStyle(el);
    return r.width > 1 && r.height > 1 && r.right > 0 && s.visibility !== "hidden" && s.display !== "none" && !el.closest(".unseen");
  };

  const wide = document.documentElement.scrollWidth;
  if (wide > innerWidth) {
    wrong.push("the page is " + wide + " px wide on a screen of " + innerWidth);
    for (const el of document.querySelectorAll("main *, header *, nav *")) {
      if (seen(el) && el.getBoundingClientRect().right > innerWidth + 1) { say("too wide", el); break; }
    }
  }
  for (const el of document.querySelectorAll("body *")) {
    if (el.scrollWidth > el.clientWidth + 1 && ["auto", "scroll"].includes(getComputedStyle(el).overflowX) && seen(el)) say("scrolls sideways", el);
  }

  const channels = c => {
    const n = (c.match(/[\d.]+(?:e-?\d+)?/g) || []).map(Number);
    const rgb = c.startsWith("color(") ? n.slice(0, 3).map(x => 255 * x) : n.slice(0, 3);
    return { rgb, alpha: n.length > 3 ? n[3] : 1 };
  };
  const light = rgb => rgb.map(x => x / 255).map(x => x <= 0.04045 ? x / 12.92 : ((x + 0.055) / 1.055) ** 2.4)
    .reduce((sum, x, i) => sum + x * [0.2126, 0.7152, 0.0722][i], 0);
  const ground = el => {
    for (; el; el = el.parentElement) {
      const c = channels(getComputedStyle(el).backgroundColor);
      if (c.alpha > 0) return c.rgb;
    }
    return [255, 255, 255];
  };
  for (const el of document.querySelectorAll("body, body *")) {
    if (["SCRIPT", "STYLE"].includes(el.tagName) || !seen(el)) continue;
    if (![...el.childNodes].some(n => n.nodeType === 3 && n.data.trim())) continue;
    const s = getComputedStyle(el), ink = channels(el instanceof SVGElement ? s.fill : s.color);
    const a = light(ink.rgb), b = light(ground(el));
    const ratio = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
    if (ratio < 4.5 || ink.alpha < 1 || Number(s.opacity) < 1) say("contrast " + ratio.toFixed(2), el);
  }

  const targets = [...document.querySelectorAll("a[href], button, input, select, summary")].filter(seen);
  const places = targets.map(el => el.getBoundingClientRect());
  const inText = el => {
    if (getComputedStyle(el).display !== "inline") return false;
    const block = el.closest("p, li, dd, td, th, h1, h2, h3, div");
    let text = block ? block.textContent : "";
    for (const a of block ? block.querySelectorAll("a, svg") : []) text = text.replace(a.textContent, "");
    return /[\p{L}\p{N}]/u.test(text);
  };
  targets.forEach((el, i) => {
    const r = places[i];
    if (Math.min(r.width, r.height) >= 24 || inText(el)) return;
    const x = r.x + r.width / 2, y = r.y + r.height / 2; // a circle of 24 px around it must reach no other target
    const near = places.some((o, j) => {
      if (i === j) return false;
      const dx = Math.max(o.left - x, 0, x - o.right), dy = Math.max(o.top - y, 0, y - o.bottom);
      return dx * dx + dy * dy < 144;
    });
    if (near) say("a target of " + r.width.toFixed(0) + " by " + r.height.toFixed(0) + " px beside another", el);
  });

  for (const el of document.querySelectorAll("[tabindex]")) if (Number(el.getAttribute("tabindex")) > 0) say("out of the order of the keyboard", el);
  for (const el of document.querySelectorAll("svg[role=img]")) if (!el.getAttribute("aria-label")) say("a drawing without words", el);
  return wrong;
})()
