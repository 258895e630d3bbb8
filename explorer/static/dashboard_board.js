// The cards of the training dashboard.

import { board, STYLES } from "./board.js";
import { classesCard } from "./card_classes.js";
import { dataCard } from "./card_data.js";
import { doctorCard } from "./card_doctor.js";
import { editorCard } from "./card_editor.js";
import { filtersCard } from "./card_filters.js";
import { heatCard } from "./card_heat.js";
import { picturesCard } from "./card_pictures.js";
import { proseCard } from "./card_prose.js";
import { questionCard } from "./card_question.js";
import { runsCard } from "./card_runs.js";
import { scriptCard } from "./card_script.js";
import { speedCard } from "./card_speed.js";
import { takeCard } from "./card_take.js";
import { testCard } from "./card_test.js";
import { mounted } from "./mount.js";

const create = board({
  heat: heatCard, pictures: picturesCard, classes: classesCard, filters: filtersCard,
  runs: runsCard, editor: editorCard, data: dataCard, test: testCard, speed: speedCard,
  take: takeCard, question: questionCard, doctor: doctorCard, script: scriptCard, prose: proseCard,
});

export default function (args) {
  return mounted(args, create, STYLES);
}
