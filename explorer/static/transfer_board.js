// The cards of transfer learning.

import { board, STYLES } from "./board.js";
import { backbonesCard } from "./card_backbones.js";
import { classesCard } from "./card_classes.js";
import { doctorCard } from "./card_doctor.js";
import { formulasCard } from "./card_formulas.js";
import { heatCard } from "./card_heat.js";
import { linesCard } from "./card_lines.js";
import { picturesCard } from "./card_pictures.js";
import { projectCard } from "./card_project.js";
import { proseCard } from "./card_prose.js";
import { questionCard } from "./card_question.js";
import { reliabilityCard } from "./card_reliability.js";
import { runsCard } from "./card_runs.js";
import { scriptCard } from "./card_script.js";
import { takeCard } from "./card_take.js";
import { mounted } from "./mount.js";

const create = board({
  heat: heatCard, pictures: picturesCard, classes: classesCard, reliability: reliabilityCard,
  lines: linesCard, runs: runsCard, backbones: backbonesCard, formulas: formulasCard,
  take: takeCard, project: projectCard, question: questionCard, doctor: doctorCard,
  script: scriptCard, prose: proseCard,
});

export default function (args) {
  return mounted(args, create, STYLES);
}
