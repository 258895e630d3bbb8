// One network on the stage: its diagram, its decision map, and their headings.

import { decisionMap } from "./decision_map.js";
import { button, element } from "./elements.js";
import { networkDiagram, undoButton } from "./network_diagram.js";
import { helpButton, rich } from "./rich.js";

/** Cut one row of a moment into the pieces of its side. */
export function pieces(row, side, map) {
  const square = side.size * side.size;
  const counts = side.columns.map((column) => column.units.filter((unit) => column.kind !== "input" || unit.on).length);
  const units = counts.slice(1).reduce((sum, count) => sum + count, 0);
  const weights = counts.slice(1).reduce((sum, count, index) => sum + count * counts[index], 0);
  let at = 0;
  const cut = (count) => row.subarray(at, (at += count));
  return { maps: cut(units * square), weights: cut(weights), biases: cut(units), decision: cut(map * map) };
}

/** Build one side; `act` is what the diagram and the map report to. */
export function networkSide(act, tools) {
  const diagram = networkDiagram(act.diagram);
  const map = decisionMap({ ...act.map, read: (text) => { reading.textContent = text; } });
  const undo = undoButton(act.diagram);
  const name = element("button", { type: "button", class: "side-name", hidden: true, onclick: act.choose });
  const [count, words, reading] = [element("span", { class: "sub number" }), element("span", { class: "sub number" }), element("span", { class: "sub number reading" })];
  const titles = [element("h3", { text: "Network" }), element("h3", { text: "Decision" })];
  const paint = button({ label: "Paint", name: "Paint points", glyph: "pencil", kind: "small paint", onclick: tools.toggle });
  const legend = element("div", { class: "legend-row" });
  const root = element("div", { class: "side" },
    element("figure", { class: "pane network-pane" }, element("header", {}, name, titles[0], count, element("span", { class: "end" }, undo.root)), diagram.root),
    element("figure", { class: "pane decision-pane" }, element("header", {}, titles[1], words, element("span", { class: "end" }, paint)), map.root, legend));
  map.root.append(reading);
  let helped = false;
  let shown = null;
  return {
    root,
    legend,
    diagram,
    map,
    update(header, index, points, inputMaps) {
      const side = header.sides[index];
      const pair = header.sides.length > 1;
      if (!helped) {
        helped = true;
        titles[0].after(helpButton(header.help.network, "Network"));
        titles[1].after(helpButton(header.help.decision, "Decision"));
      }
      name.hidden = !pair;
      name.textContent = side.label;
      name.setAttribute("aria-pressed", String(header.active === index));
      root.toggleAttribute("data-active", pair && header.active === index);
      paint.hidden = pair && index > 0;
      paint.setAttribute("aria-pressed", String(tools.state.tool !== "look"));
      count.textContent = `${side.parameters} parameters`;
      titles[1].textContent = header.peek && header.active === index ? header.peek.name : "Decision";
      undo.update(side.canUndo);
      diagram.update({ ...side, inputMaps });
      const { page, text, accent } = tools.colours();
      map.update({
        points, map: header.map, extent: header.extent, probe: header.probe, rested: header.rested,
        peek: header.peek && header.active === index ? header.peek : null,
        classes: header.data.classes, colours: header.data.colours, names: header.data.names, largest: header.data.largest,
        tool: tools.state.tool, brush: tools.state.brush, page, text, accent,
      });
      shown = side;
    },
    paint(row, moment, size) {
      const parts = pieces(row, shown, size);
      diagram.paint(parts);
      map.paint(parts.decision);
      if (words.__text !== moment.words) {
        words.__text = moment.words;
        words.replaceChildren(...rich(moment.words));
      }
    },
    redraw() { diagram.redraw(); map.redraw(); },
    destroy() { diagram.destroy(); },
  };
}
