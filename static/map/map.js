// The map in the browser. Geometry is fetched once per province; an update carries classes, colours and words.
// Text from data reaches the page through textContent only.
(function () {
  "use strict";
  const riskmap = (window.riskmap = window.riskmap || {});
  const files = new Map();

  riskmap.fetchJson = function (url) {
    if (!files.has(url)) {
      files.set(url, fetch(url).then((answer) => {
        if (!answer.ok) { throw new Error(url + " " + answer.status); }
        return answer.json();
      }).catch((error) => { files.delete(url); throw error; }));
    }
    return files.get(url);
  };

  riskmap.element = function (name, className, text) {
    const made = document.createElement(name);
    if (className) { made.className = className; }
    if (text !== undefined) { made.textContent = text; }
    return made;
  };

  // A shape is a list of polygons, a polygon a list of rings, a ring a list of differences of scaled lon and lat.
  riskmap.decode = function (shape, scale) {
    return shape.map((polygon) => polygon.map((ring) => {
      const points = [];
      let x = 0;
      let y = 0;
      for (let at = 0; at < ring.length; at += 2) {
        x += ring[at];
        y += ring[at + 1];
        points.push([y / scale, x / scale]);
      }
      return points;
    }));
  };

  const FINE_ZOOM = 8;
  // A legend gets no more of the width of the map than this for itself: beside it the province would be too small.
  const MOST_ROOM = 0.42;
  // On a map of fewer pixels across, the legends of the nation would hide communes or the names of the archipelagos.
  const ROOMY = 700;
  const state = { layers: [], codes: [], file: null, update: null, selected: null, fitted: null, serial: 0 };
  riskmap.state = state;

  function number(value, digits, language) {
    if (value === null || value === undefined) { return "–"; }
    return value.toLocaleString(language === "vi" ? "vi-VN" : "en-GB",
      { minimumFractionDigits: digits, maximumFractionDigits: digits }).replace("-", "\u2212");
  }
  riskmap.number = number;

  // A canvas that draws slanting lines, dark beside light, over the fill of every layer whose options say "hatched".
  function hatching(canvas) {
    const { step, width, ink, paper } = riskmap.HATCH;
    const tile = document.createElement("canvas");
    tile.width = tile.height = step * 2;
    const pen = tile.getContext("2d");
    [[paper, width * 1.6], [ink, 0]].forEach(([colour, shift]) => {
      pen.strokeStyle = colour;
      pen.lineWidth = width;
      pen.beginPath();
      for (let x = -step * 2; x <= step * 4; x += step * 2) {
        pen.moveTo(x + shift, step * 2);
        pen.lineTo(x + shift + step * 2, 0);
      }
      pen.stroke();
    });
    const paint = canvas._fillStroke;
    canvas._fillStroke = function (context, layer) {
      paint.call(this, context, layer);
      if (!layer.options.hatched) { return; }
      context.globalAlpha = 1;
      context.fillStyle = context.createPattern(tile, "repeat");
      context.fill("evenodd");
    };
    return canvas;
  }

  function start(map) {
    if (state.map) { return; }
    state.map = map;
    [["base", 200], ["communes", 400], ["outline", 420], ["chosen", 430], ["flows", 440], ["symbols", 460]]
      .forEach(([name, level]) => { map.createPane(name).style.zIndex = level; });
    ["outline", "chosen"].forEach((name) => { map.getPane(name).style.pointerEvents = "none"; });
    state.canvas = hatching(L.canvas({ pane: "communes", padding: 0.4, tolerance: 2 }));
    state.communes = L.layerGroup().addTo(map);
    state.halo = L.layerGroup().addTo(map);
    L.control.scale({ imperial: false, position: "bottomright" }).addTo(map);
    map.setMinZoom(5).setMaxZoom(14);
    state.tip = L.tooltip({ className: "rm-tip", offset: [12, 0], opacity: 1 });
    riskmap.legend.attach(map);
    new ResizeObserver(() => {
      map.invalidateSize({ animate: false });
      if (state.untouched && state.file) { fit(state.update, true); place(); }
    }).observe(map.getContainer());
    map.on("zoomend", () => {
      map.getContainer().classList.toggle("rm-far", map.getZoom() < FINE_ZOOM);
      if (state.update && state.codes.length >= 500 && (map.getZoom() < FINE_ZOOM) !== state.far) { paint(state.update); }
    });
    map.on("dragstart zoomstart", (event) => { if (!state.moving) { state.untouched = false; } });
  }

  // Two updates may come before the first has its file: both wait for it, or a legend is put where names will be.
  function base(url) {
    if (state.base !== url) {
      state.base = url;
      state.based = drawBase(url);
    }
    return state.based;
  }

  async function drawBase(url) {
    const file = await riskmap.fetchJson(url);
    const canvas = L.canvas({ pane: "base", padding: 0.4 });
    const land = (shapes, options) => shapes.forEach((shape) =>
      L.polygon(riskmap.decode(shape, file.scale), Object.assign({ renderer: canvas, interactive: false }, options))
        .addTo(state.map));
    land(file.neighbours, { weight: 0.8, color: file.colours.coast, fillColor: file.colours.neighbour, fillOpacity: 1 });
    land(file.provinces, { weight: 0, fillColor: file.colours.land, fillOpacity: 1 });
    const line = L.canvas({ pane: "outline", padding: 0.4 });
    file.provinces.forEach((rings) => L.polygon(riskmap.decode(rings, file.scale),
      { renderer: line, interactive: false, fill: false, weight: 0.9, color: file.colours.province, opacity: 0.75 })
      .addTo(state.map));
    file.border.forEach((part) => L.polyline(riskmap.decode([[part]], file.scale)[0][0],
      { renderer: line, interactive: false, weight: 1.6, color: file.colours.border, dashArray: "7 3 1.5 3" })
      .addTo(state.map));
    const [south, west, north, east] = file.extent;
    L.polygon([[[-60, 20], [80, 20], [80, 200], [-60, 200]], [[south, west], [north, west], [north, east], [south, east]]],
      { renderer: canvas, interactive: false, weight: 0, fillColor: file.colours.beyond, fillOpacity: 1 }).addTo(state.map);
    state.places = file.places;
    names();
  }

  function names() {
    if (!state.places || !state.update) { return; }
    if (state.named === state.update.language) { return; }
    state.named = state.update.language;
    if (state.names) { state.names.remove(); }
    state.names = L.layerGroup().addTo(state.map);
    state.places.forEach((place) => {
      const label = riskmap.element("span", "rm-place rm-place-" + place.kind, place[state.named]);
      L.marker(place.at, { interactive: false, keyboard: false, pane: "outline",
        icon: L.divIcon({ className: "rm-label", html: label, iconSize: [0, 0] }) }).addTo(state.names);
    });
  }

  // The last colour of the palette is that of communes the values do not apply to, where there are any.
  function absent(update, index) {
    const last = update.classes.charCodeAt(index) - 48 === update.palette.length - 1;
    return update.beyond && last ? update.beyond : update.words.no_data;
  }

  function tell(index) {
    const update = state.update;
    const box = riskmap.element("div", "rm-tip-box");
    box.append(riskmap.element("b", "", state.file.names[index]));
    if (update.nation) { box.append(riskmap.element("span", "rm-tip-of", state.file.of[index])); }
    const line = riskmap.element("div", "rm-tip-line");
    line.append(riskmap.element("span", "", update.title),
      riskmap.element("b", "", update.values[index] === null ? absent(update, index)
        : number(update.values[index], update.digits, update.language) + (update.unit ? (/^[%‰]/.test(update.unit) ? "" : " ") + update.unit : "")));
    box.append(line);
    if (update.labels) {
      box.append(riskmap.element("div", "rm-tip-kind", update.labels[update.classes.charCodeAt(index) - 48]));
    }
    return box;
  }

  function draw(file) {
    state.communes.clearLayers();
    state.file = file;
    state.codes = file.codes;
    state.layers = file.shapes.map((shape, index) => {
      const layer = L.polygon(riskmap.decode(shape, file.scale), { renderer: state.canvas, weight: 0.5,
        color: "#ffffff", fillColor: "#d5d9dc", fillOpacity: 1, smoothFactor: file.codes.length > 500 ? 1 : 0.6 });
      layer.on("mousemove", (event) => {
        state.tip.setLatLng(event.latlng).setContent(tell(index));
        if (!state.tip.isOpen()) { state.tip.addTo(state.map); }
      });
      layer.on("mouseout", () => state.tip.remove());
      layer.on("click", (event) => {
        L.DomEvent.stopPropagation(event);
        choose(file.codes[index]);
      });
      return layer.addTo(state.communes);
    });
  }

  function choose(code) {
    state.serial += 1;
    mark(code);
    window.Streamlit.setComponentValue({ commune: code, at: Date.now() + state.serial });
  }

  // Far out, thousands of white borders would hide the colours: there a border has the colour of its commune.
  function borders(colour) {
    if (state.codes.length < 500) { return { color: "#ffffff", weight: 0.9 }; }
    return state.map.getZoom() < FINE_ZOOM ? { color: colour, weight: 0.5 } : { color: "#ffffff", weight: 0.5 };
  }

  function paint(update) {
    state.far = state.map.getZoom() < FINE_ZOOM;
    state.layers.forEach((layer, index) => {
      const colour = update.palette[update.classes.charCodeAt(index) - 48];
      const border = borders(colour);
      const hatched = Boolean(update.hatched) && update.hatched[index] === "1";
      if (layer.options.fillColor !== colour || layer.options.color !== border.color || Boolean(layer.options.hatched) !== hatched) {
        layer.setStyle(Object.assign(border, { fillColor: colour, hatched }));
      }
    });
    document.body.dataset.classes = update.classes;
    document.body.dataset.hatched = String(state.layers.filter((layer) => layer.options.hatched).length);
  }

  function mark(code) {
    if (state.selected === code && state.halo.getLayers().length) { return; }
    state.selected = code;
    state.halo.clearLayers();
    const index = state.codes.indexOf(code);
    if (index < 0) { return; }
    const shape = state.layers[index].getLatLngs();
    [["#ffffff", 5.5], ["#111c22", 2.5]].forEach(([color, weight]) =>
      L.polygon(shape, { pane: "chosen", renderer: L.svg({ pane: "chosen" }), interactive: false, fill: false, color, weight })
        .addTo(state.halo));
    const bounds = state.layers[index].getBounds();
    if (!state.map.getBounds().pad(-0.05).contains(bounds.getCenter())) { state.map.panTo(bounds.getCenter()); }
  }

  // Put the legends where they hide least; if they still hide much, make room for them beside the province.
  function place() {
    state.placed = state.fitted;
    const shapes = state.layers.flatMap((layer) => layer.getLatLngs()
      .map((polygon) => [L.latLngBounds(polygon[0]), polygon[0]]));
    // The names of the archipelagos are never hidden if there is room elsewhere: each counts like several communes.
    const islands = (state.places || []).filter((found) => found.kind === "islands")
      .flatMap(({ at: [lat, lng] }) => [-2.4, -1.8, -1.2, -0.6, 0, 0.6, 1.2, 1.8, 2.4, 0, 0, 0, 0, 0, 0].map((east) => [lat, lng + east]));
    const arrange = () => riskmap.legend.arrange(state.map, shapes, [...state.file.centres, ...islands]);
    const left = arrange().filter((box) => box.hidden > Math.max(2, state.codes.length * 0.05));
    if (!left.length || !state.untouched || state.update.nation) { return; }
    const side = left.reduce((most, box) => (box.hidden > most.hidden ? box : most)).side;
    const width = Math.max(...left.filter((box) => box.side === side).map((box) => box.width));
    if (width > state.map.getSize().x * MOST_ROOM) { return; }
    fitted(state.update, side === "left" ? { paddingTopLeft: [width, 14], paddingBottomRight: [14, 14] }
      : { paddingTopLeft: [14, 14], paddingBottomRight: [width, 14] });
    arrange();
  }

  function fitted(update, padding) {
    state.moving = true;
    state.map.fitBounds(update.fit, Object.assign({ animate: false }, padding));
    state.moving = false;
    state.untouched = true;
  }

  function fit(update, again) {
    const wanted = JSON.stringify(update.fit);
    if (!again && state.fitted === wanted) { return; }
    state.fitted = wanted;
    fitted(update, { padding: [14, 14] });
  }

  // The frame and the buttons of the map in the language of the page.
  function speak(map, update) {
    document.documentElement.lang = update.language;
    [["in", update.words.zoom_in], ["out", update.words.zoom_out]].forEach(([way, words]) => {
      const button = map.getContainer().querySelector(`.leaflet-control-zoom-${way}`);
      if (button && words) { button.title = words; button.setAttribute("aria-label", words); }
    });
  }

  riskmap.update = async function (map, update) {
    start(map);
    state.update = update;
    speak(map, update);
    try {
      const [file] = await Promise.all([riskmap.fetchJson(update.geometry), base(update.base)]);
      if (state.update !== update) { return; }
      if (state.file !== file) {
        draw(file);
        state.selected = null;
      }
      fit(update, false);
      paint(update);
      mark(update.selected);
      names();
      if (riskmap.legend.show(update.legend, update.nation && map.getSize().x < ROOMY) || state.placed !== state.fitted) { place(); }
      await riskmap.overlays.show(map, update);
      document.body.dataset.version = update.version;
      document.body.dataset.shown = String(state.codes.length);
      requestAnimationFrame(() => { document.body.dataset.painted = update.version; });
    } catch (error) {
      console.error(error);
      riskmap.legend.fail(map, update.words.failed);
    }
  };
})();
