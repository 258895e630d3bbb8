// The cards of the network builder.

import { board, STYLES } from "./board.js";
import { confusionCard } from "./card_confusion.js";
import { doctorCard } from "./card_doctor.js";
import { layersCard } from "./card_layers.js";
import { linesCard } from "./card_lines.js";
import { proseCard } from "./card_prose.js";
import { questionCard } from "./card_question.js";
import { scratchCard } from "./card_scratch.js";
import { scriptCard } from "./card_script.js";
import { takeCard } from "./card_take.js";
import { unitCard } from "./card_unit.js";
import { mounted } from "./mount.js";

const create = board({
  unit: unitCard, layers: layersCard, confusion: confusionCard, lines: linesCard,
  scratch: scratchCard, take: takeCard, question: questionCard, doctor: doctorCard,
  script: scriptCard, prose: proseCard,
});

export default function (args) {
  return mounted(args, create, STYLES);
}
