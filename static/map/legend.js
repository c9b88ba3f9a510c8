// Legends, drawn from plain values: sections of rows, each a symbol, a label and a count.
(function () {
  "use strict";
  const riskmap = (window.riskmap = window.riskmap || {});
  const SVG = "http://www.w3.org/2000/svg";

  const shapes = {
    fill: (s) => ["rect", { x: -s * 0.8, y: -s / 2, width: s * 1.6, height: s, rx: 2 }],
    square: (s) => ["rect", { x: -s / 2, y: -s / 2, width: s, height: s, rx: 1 }],
    circle: (s) => ["circle", { r: s / 2 }],
    diamond: (s) => ["path", { d: `M0 ${-s * 0.62}L${s * 0.62} 0L0 ${s * 0.62}L${-s * 0.62} 0Z` }],
    triangle: (s) => ["path", { d: `M0 ${-s * 0.6}L${s * 0.58} ${s * 0.45}L${-s * 0.58} ${s * 0.45}Z` }],
    hexagon: (s) => ["path", { d: `M${-s * 0.55} 0L${-s * 0.28} ${-s * 0.5}H${s * 0.28}L${s * 0.55} 0L${s * 0.28} ${s * 0.5}H${-s * 0.28}Z` }],
    plane: (s) => ["path", { d: `M0 ${-s * 0.6}L${s * 0.14} ${-s * 0.1}L${s * 0.6} ${s * 0.18}L${s * 0.14} ${s * 0.16}L${s * 0.1} ${s * 0.44}L${s * 0.26} ${s * 0.6}H${-s * 0.26}L${-s * 0.1} ${s * 0.44}L${-s * 0.14} ${s * 0.16}L${-s * 0.6} ${s * 0.18}L${-s * 0.14} ${-s * 0.1}Z` }],
    anchor: (s) => ["path", { d: `M${-s * 0.55} ${-s * 0.1}H${s * 0.55}L${s * 0.3} ${s * 0.5}H${-s * 0.3}ZM${-s * 0.06} ${-s * 0.1}V${-s * 0.6}L${s * 0.36} ${-s * 0.22}Z` }],
    arrow: (s) => ["path", { d: `M${-s} 0H${s * 0.5}` }],
  };

  // Slanting lines, the same on the map and in the legend: pixels from line to line, width, colour.
  riskmap.HATCH = { step: 6, width: 1.2, ink: "rgba(31, 42, 48, 0.62)", paper: "rgba(255, 255, 255, 0.5)" };

  function hatch(s) {
    let lines = "";
    for (let x = -s * 0.8; x < s * 0.8; x += riskmap.HATCH.step) {
      const right = Math.min(x + s, s * 0.8);
      lines += `M${x} ${s / 2}L${right} ${s / 2 - (right - x)}`;
    }
    return lines;
  }

  function make(name, attributes) {
    const made = document.createElementNS(SVG, name);
    Object.entries(attributes).forEach(([key, value]) => made.setAttribute(key, value));
    return made;
  }

  // One symbol as an SVG element, the same in the legend and on the map.
  riskmap.symbol = function (symbol, halo) {
    const size = symbol.size;
    const box = Math.max(size * 1.3 + 6, 14);
    const wide = symbol.shape === "fill" || symbol.shape === "arrow" ? Math.max(size * 2 + 4, 28) : box;
    const svg = make("svg", { width: wide, height: box, viewBox: `${-wide / 2} ${-box / 2} ${wide} ${box}`, "aria-hidden": "true" });
    const [name, geometry] = shapes[symbol.shape](size, symbol.width);
    if (halo) {
      svg.append(make(name, Object.assign({ fill: "#fff", stroke: "#fff", "stroke-width": symbol.width + 3, "stroke-linejoin": "round" }, geometry)));
    }
    const style = { fill: symbol.fill, stroke: symbol.stroke, "stroke-width": symbol.width, "stroke-linejoin": "round" };
    if (symbol.dashed) { style["stroke-dasharray"] = "2.4 1.8"; }
    svg.append(make(name, Object.assign(style, geometry)));
    if (symbol.hatched) { svg.append(make("path", { d: hatch(size), stroke: riskmap.HATCH.ink, "stroke-width": riskmap.HATCH.width, fill: "none" })); }
    if (symbol.shape === "arrow") { svg.append(make("path", { d: riskmap.arrowHead(symbol.width, size * 0.5), fill: symbol.stroke })); }
    return svg;
  };

  // The head of an arrow that points to the right, its base at x.
  riskmap.arrowHead = (width, x) => {
    const half = 3 + width * 0.72;
    return `M${x - 1} ${-half}L${x + half * 1.5} 0L${x - 1} ${half}Z`;
  };

  const places = {};
  let shown = "";
  const folded = new Set();
  const known = new Set();

  const CORNERS = ["topleft", "topright", "bottomleft", "bottomright"];

  function attach(map) {
    ["choropleth", "overlays"].forEach((key) => {
      places[key] = riskmap.element("div", "rm-legend rm-legend-" + key + " leaflet-control");
      L.DomEvent.disableClickPropagation(places[key]);
      L.DomEvent.disableScrollPropagation(places[key]);
    });
    corner(map, "bottomleft").append(places.choropleth);
    corner(map, "topright").append(places.overlays);
  }

  function corner(map, name) {
    const [vertical, horizontal] = name.startsWith("top") ? ["top", name.slice(3)] : ["bottom", name.slice(6)];
    return map.getContainer().querySelector(`.leaflet-${vertical}.leaflet-${horizontal}`);
  }

  function put(map, name, box) {
    if (name.startsWith("top")) { corner(map, name).append(box); } else { corner(map, name).prepend(box); }
  }

  function inside(lat, lng, ring) {
    let odd = false;
    for (let at = 0, last = ring.length - 1; at < ring.length; last = at, at += 1) {
      const a = ring[at];
      const b = ring[last];
      if ((a.lat > lat) !== (b.lat > lat) && lng < ((b.lng - a.lng) * (lat - a.lat)) / (b.lat - a.lat) + a.lng) { odd = !odd; }
    }
    return odd;
  }

  // Put the legends where they hide the least of the communes shown; shapes are
  // [bounds, outer ring], centres are points.
  function arrange(map, shapes, centres) {
    const size = map.getSize();
    const taken = (name) => [...corner(map, name).children]
      .filter((child) => !child.classList.contains("rm-legend")).reduce((sum, child) => sum + child.offsetHeight + 12, 0);
    const covered = (point) => shapes.some(([bounds, ring]) => bounds.contains(point) && inside(point.lat, point.lng, ring));
    const hidden = (left, top, width, height) => {
      let count = 0;
      for (let x = left + 8; x < left + width; x += 14) {
        for (let y = top + 8; y < top + height; y += 14) {
          if (covered(map.containerPointToLatLng([x, y]))) { count += 196; }
        }
      }
      return count + 2500 * centres.filter((centre) => {
        const point = map.latLngToContainerPoint(centre);
        return point.x > left && point.x < left + width && point.y > top && point.y < top + height;
      }).length;
    };
    const shownKeys = ["choropleth", "overlays"].filter((key) => places[key].childElementCount);
    const cost = (key, name, below) => {
      const width = places[key].offsetWidth + 12;
      const height = places[key].offsetHeight + 12;
      const offset = taken(name) + below;
      if (offset + height > size.y) { return Infinity; }
      return hidden(name.endsWith("left") ? 0 : size.x - width, name.startsWith("top") ? offset : size.y - offset - height, width, height);
    };
    let best = null;
    CORNERS.forEach((first) => (shownKeys.length > 1 ? CORNERS : [null]).forEach((second) => {
      const below = first === second ? places.choropleth.offsetHeight + 12 : 0;
      const crowded = second && first !== second && first.endsWith("left") === second.endsWith("left")
        && places.choropleth.offsetHeight + places.overlays.offsetHeight + taken(first) + taken(second) + 40 > size.y;
      const total = cost("choropleth", first, 0) + (second ? cost("overlays", second, below) : 0) + (crowded ? 1e9 : 0)
        + (first === "bottomleft" ? 0 : 40) + (second === "topright" || !second ? 0 : 40);
      if (!best || total < best.total) { best = { total, first, second }; }
    }));
    put(map, best.first, places.choropleth);
    if (best.second) { put(map, best.second, places.overlays); }
    const under = (box) => centres.filter((centre) => {
      const point = map.latLngToContainerPoint(centre);
      const top = box.offsetTop + box.parentElement.offsetTop;
      const left = box.offsetLeft + box.parentElement.offsetLeft;
      return point.x > left && point.x < left + box.offsetWidth && point.y > top && point.y < top + box.offsetHeight;
    }).length;
    // How many communes each side still hides, and how wide its widest legend is.
    return shownKeys.map((key) => ({ side: (key === "choropleth" ? best.first : best.second).endsWith("left") ? "left" : "right",
      width: places[key].offsetWidth + 18, hidden: under(places[key]) }));
  }

  function section(found) {
    const box = riskmap.element("details", "rm-section");
    box.open = !folded.has(found.key);
    box.addEventListener("toggle", () => { if (box.open) { folded.delete(found.key); } else { folded.add(found.key); } });
    box.append(riskmap.element("summary", "", found.title));
    const table = riskmap.element("div", "rm-rows");
    found.rows.forEach((row) => {
      const cell = riskmap.element("span", "rm-symbol");
      cell.append(riskmap.symbol(row.symbol, false));
      table.append(cell, riskmap.element("span", "rm-name", row.label), riskmap.element("span", "rm-count", row.count));
    });
    box.append(table);
    if (found.note) { box.append(riskmap.element("div", "rm-note", found.note)); }
    return box;
  }

  // With "fold", layers that appear are told by their name alone until somebody opens them: there is no room for more.
  function show(sections, fold) {
    const wanted = JSON.stringify(sections);
    if (wanted === shown) { return false; }
    shown = wanted;
    places.choropleth.replaceChildren(...sections.filter((found) => found.key === "choropleth").map(section));
    const overlays = sections.filter((found) => found.key !== "choropleth");
    const fresh = overlays.filter((found) => !known.has(found.key));
    if (fresh.length) { overlays.forEach((found) => { if (fold || found !== fresh[fresh.length - 1]) { folded.add(found.key); } }); }
    overlays.forEach((found) => { if (!known.has(found.key)) { known.add(found.key); } });
    [...known].forEach((key) => {
      if (!overlays.some((found) => found.key === key)) { known.delete(key); folded.delete(key); }
    });
    places.overlays.replaceChildren(...overlays.map(section));
    return true;
  }

  function fail(map, words) {
    const box = riskmap.element("div", "rm-failed", words);
    map.getContainer().append(box);
    setTimeout(() => box.remove(), 8000);
  }

  riskmap.legend = { attach, show, arrange, fail };
})();
