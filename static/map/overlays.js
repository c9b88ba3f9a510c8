// The layers over the colours: points that stay in a file, arrows, and what outreach has reached.
(function () {
  "use strict";
  const riskmap = (window.riskmap = window.riskmap || {});
  const drawn = {};

  function tip(lines) {
    const box = riskmap.element("div", "rm-tip-box");
    lines.filter(Boolean).forEach((line, place) => box.append(riskmap.element(place ? "span" : "b", place ? "rm-tip-of" : "", line)));
    return box;
  }

  function marker(point, symbol, lines) {
    const icon = riskmap.symbol(symbol, true);
    const size = [Number(icon.getAttribute("width")), Number(icon.getAttribute("height"))];
    return L.marker(point, { pane: "symbols", keyboard: false, icon: L.divIcon({ className: "rm-marker", html: icon, iconSize: size }) })
      .bindTooltip(tip(lines), { className: "rm-tip", opacity: 1, direction: "top", offset: [0, -4] });
  }

  // Crossings and zones: the file has for every point its symbol, its name and the keys of its words; a layer of few
  // points carries them itself.
  function points(file, overlay, language) {
    return L.layerGroup(file.points.map((point) => marker(point.at, overlay.symbols[point.symbol],
      [point[language] || point.vi, ...point.words.map((key) => overlay.words[key] || key), ...(point.lines || []), point.ha ? riskmap.number(point.ha, 0, language) + " ha" : ""])));
  }

  function bent(from, to, bend) {
    const [y0, x0] = from;
    const [y1, x1] = to;
    const middle = [(y0 + y1) / 2 + (x1 - x0) * bend, (x0 + x1) / 2 - (y1 - y0) * bend];
    const line = [];
    for (let step = 0; step <= 24; step += 1) {
      const t = 0.06 + (step / 24) * 0.86;
      line.push([(1 - t) * (1 - t) * y0 + 2 * t * (1 - t) * middle[0] + t * t * y1,
        (1 - t) * (1 - t) * x0 + 2 * t * (1 - t) * middle[1] + t * t * x1]);
    }
    return line;
  }

  function head(map, line, width, colour, opacity) {
    const end = map.project(line[line.length - 1], 8);
    const before = map.project(line[line.length - 4], 8);
    const angle = (Math.atan2(end.y - before.y, end.x - before.x) * 180) / Math.PI;
    const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
    svg.setAttribute("width", 48);
    svg.setAttribute("height", 48);
    svg.setAttribute("viewBox", "-24 -24 48 48");
    const path = document.createElementNS("http://www.w3.org/2000/svg", "path");
    path.setAttribute("d", riskmap.arrowHead(width, 0));
    path.setAttribute("fill", colour);
    path.setAttribute("fill-opacity", opacity);
    path.setAttribute("transform", `rotate(${angle})`);
    svg.append(path);
    return L.marker(line[line.length - 1], { pane: "flows", interactive: false, keyboard: false,
      icon: L.divIcon({ className: "rm-marker", html: svg, iconSize: [48, 48] }) });
  }

  function flows(map, overlay) {
    const renderer = L.svg({ pane: "flows" });
    const layers = [];
    overlay.arrows.forEach((arrow) => {
      const line = bent(arrow.from, arrow.to, arrow.dashed ? 0.34 : 0.16);
      const style = { renderer, pane: "flows", lineCap: "butt", dashArray: arrow.dashed ? "10 6" : null };
      const opacity = arrow.muted ? 0.28 : 0.9;
      if (!arrow.muted && !arrow.dashed) {
        layers.push(L.polyline(line, Object.assign({ color: "#fff", weight: arrow.width + 2.2, opacity: 0.8, interactive: false }, style)));
      }
      layers.push(L.polyline(line, Object.assign({ color: overlay.colour, weight: arrow.width, opacity }, style))
        .bindTooltip(tip(arrow.lines), { className: "rm-tip", opacity: 1, sticky: true }));
      layers.push(head(map, line, arrow.width, overlay.colour, opacity));
    });
    return L.layerGroup(layers);
  }

  function outreach(overlay) {
    const renderer = L.svg({ pane: "symbols" });
    const file = riskmap.state.file;
    return L.layerGroup(overlay.communes.map(([index, radius, ...lines]) => L.circleMarker(file.centres[index], {
      renderer, pane: "symbols", radius, weight: 1.8, color: overlay.colour, fillColor: overlay.colour, fillOpacity: 0.22,
      dashArray: overlay.dashed ? "4 3" : null }).bindTooltip(tip([file.names[index], ...lines]), { className: "rm-tip", opacity: 1 })));
  }

  // A plan: bases, and a line from each to the communes its team goes to.
  function plan(overlay) {
    const renderer = L.svg({ pane: "flows" });
    const file = riskmap.state.file;
    const ways = overlay.ways.map(([base, index, width, muted, ...lines]) => {
      const to = file.centres[index];
      return L.polyline([overlay.bases[base].at, to], { renderer, pane: "flows", weight: width,
        color: muted ? overlay.colour : overlay.chosen, opacity: muted ? 0.15 : 0.75 })
        .bindTooltip(tip([file.names[index], ...lines]), { className: "rm-tip", opacity: 1, sticky: true });
    });
    return L.layerGroup([...ways, ...overlay.bases.map((base) => marker(base.at, base.symbol, base.lines))]);
  }

  riskmap.overlays = {
    show: async function (map, update) {
      const wanted = {};
      for (const [key, overlay] of Object.entries(update.overlays)) {
        wanted[key] = update.language + JSON.stringify(overlay) + (key === "outreach" || key === "plan" ? update.geometry : "");
      }
      Object.keys(drawn).forEach((key) => {
        if (!wanted[key] || wanted[key] !== drawn[key].as) {
          drawn[key].layer.remove();
          delete drawn[key];
        }
      });
      for (const [key, overlay] of Object.entries(update.overlays)) {
        if (drawn[key]) { continue; }
        let layer;
        if (key === "flows") { layer = flows(map, overlay); }
        else if (key === "outreach") { layer = outreach(overlay); }
        else if (key === "plan") { layer = plan(overlay); }
        else { layer = points(overlay.points ? overlay : await riskmap.fetchJson(overlay.url), overlay, update.language); }
        if (riskmap.state.update !== update) { return; }
        drawn[key] = { as: wanted[key], layer: layer.addTo(map) };
      }
      document.body.dataset.overlays = Object.keys(drawn).sort().join(" ");
    },
  };
})();
