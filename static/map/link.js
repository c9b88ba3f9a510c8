// Maps that stand side by side on one page move together: each tells the others in the same window where it looks.
(function () {
  "use strict";
  const riskmap = window.riskmap;
  const update = riskmap.update;
  let following = false;

  function others() {
    const found = [];
    for (let index = 0; index < window.parent.frames.length; index += 1) {
      try {
        const frame = window.parent.frames[index];
        if (frame !== window && frame.riskmap && frame.riskmap.follow && frame.riskmap.state.map) { found.push(frame.riskmap); }
      } catch (error) { /* A frame of another origin is none of our maps. */ }
    }
    return found;
  }

  function link(map) {
    if (riskmap.follow) { return; }
    riskmap.follow = function (center, zoom) {
      const near = map.getCenter().distanceTo(center) < 1 && map.getZoom() === zoom;
      if (near) { return; }
      following = true;
      riskmap.state.untouched = false;
      map.setView(center, zoom, { animate: false });
      following = false;
    };
    map.on("moveend", () => {
      if (following) { return; }
      others().forEach((other) => other.follow(map.getCenter(), map.getZoom()));
    });
  }

  // A map of half the width must be able to show the whole country, islands included.
  function farther(map) {
    if (map.setMinZoom !== L.Map.prototype.setMinZoom) { return; }
    map.setMinZoom = (zoom) => L.Map.prototype.setMinZoom.call(map, Math.min(zoom, 4));
  }

  riskmap.update = async function (map, message) {
    farther(map);
    await update(map, message);
    link(map);
  };
})();
