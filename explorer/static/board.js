// The cards under a stage, each drawn by its own module.

import { formulasCard } from "./card_formulas.js";
import { tableCard } from "./card_table.js";
import { curveCard } from "./card_curve.js";
import { questionCard } from "./card_question.js";
import { dataCard } from "./card_data.js";
import { doctorCard } from "./card_doctor.js";
import { scriptCard } from "./card_script.js";
import { proseCard } from "./card_prose.js";
import { augmentRaceCard } from "./card_augment_race.js";
import { backbonesCard } from "./card_backbones.js";
import { classesCard } from "./card_classes.js";
import { confusionCard } from "./card_confusion.js";
import { editorCard } from "./card_editor.js";
import { filtersCard } from "./card_filters.js";
import { histogramCard } from "./card_histogram.js";
import { heatCard } from "./card_heat.js";
import { layersCard } from "./card_layers.js";
import { linesCard } from "./card_lines.js";
import { mixedCard } from "./card_mixed.js";
import { picturesCard } from "./card_pictures.js";
import { projectCard } from "./card_project.js";
import { raceCard } from "./card_race.js";
import { reliabilityCard } from "./card_reliability.js";
import { runsCard } from "./card_runs.js";
import { safetyCard } from "./card_safety.js";
import { scratchCard } from "./card_scratch.js";
import { speedCard } from "./card_speed.js";
import { takeCard } from "./card_take.js";
import { testCard } from "./card_test.js";
import { unitCard } from "./card_unit.js";
import { element } from "./elements.js";
import { mounted, sheet } from "./mount.js";
import { helpButton } from "./rich.js";

const STYLES = await Promise.all([sheet("base.css"), sheet("board.css"), sheet("cards_network.css"), sheet("cards_dashboard.css"), sheet("cards_augmentation.css"), sheet("cards_transfer.css")]);
const FOLLOW_MS = 180;
const KINDS = {
  formulas: formulasCard, table: tableCard, curve: curveCard, question: questionCard, doctor: doctorCard, script: scriptCard, prose: proseCard,
  lines: linesCard, unit: unitCard, layers: layersCard, confusion: confusionCard, take: takeCard, scratch: scratchCard,
  heat: heatCard, pictures: picturesCard, classes: classesCard, filters: filtersCard, runs: runsCard, editor: editorCard, race: raceCard,
  safety: safetyCard, histogram: histogramCard, mixed: mixedCard, augment_race: augmentRaceCard, data: dataCard, test: testCard, speed: speedCard,
  backbones: backbonesCard, reliability: reliabilityCard, project: projectCard,
};

function create(root, channel) {
  const grid = element("div", { class: "cards" });
  root.append(element("h2", { class: "visually-hidden", text: "Numbers and explanations" }), grid);
  let cards = [];
  let layout = "";
  let shown = null;
  let newest = null;
  let timer = null;

  function build(wanted) {
    cards.forEach((card) => card.destroy?.());
    cards = wanted.map((card) => KINDS[card.kind](channel));
    cards.forEach((card, position) => card.root.setAttribute("data-span", wanted[position].span));
    cards.forEach((card, position) => {
      const { help, title } = wanted[position];
      if (help) card.root.querySelector("h3").after(helpButton(help, title ?? wanted[position].kind));
    });
    grid.replaceChildren(...cards.map((card) => card.root));
  }
  /** The stage moves at full speed, the cards follow five times a second, or as often as the server can. */
  const follow = (event) => {
    newest = event.detail;
    timer ??= setTimeout(() => {
      timer = null;
      if (newest !== shown && !channel.busy) channel.send({ type: "refresh" });
    }, channel.unhurried(FOLLOW_MS));
  };
  document.addEventListener("explorer:moved", follow);
  return {
    update(header, values) {
      shown = header.follows ?? header.frame;
      const wanted = header.cards.map((card) => `${card.kind}:${card.span}`).join();
      if (wanted !== layout) {
        layout = wanted;
        build(header.cards);
      }
      header.cards.forEach((card, position) => cards[position].update(card, values, header.glossary));
      root.dataset.frame = header.frame;
    },
    redraw: () => cards.forEach((card) => card.redraw?.()),
    destroy() {
      clearTimeout(timer);
      document.removeEventListener("explorer:moved", follow);
      cards.forEach((card) => card.destroy?.());
    },
  };
}

export default function (args) {
  return mounted(args, create, STYLES);
}
