// The cards of activations.

import { board, STYLES } from "./board.js";
import { doctorCard } from "./card_doctor.js";
import { formulasCard } from "./card_formulas.js";
import { proseCard } from "./card_prose.js";
import { questionCard } from "./card_question.js";
import { scriptCard } from "./card_script.js";
import { mounted } from "./mount.js";

const create = board({
  formulas: formulasCard, question: questionCard, doctor: doctorCard, script: scriptCard,
  prose: proseCard,
});

export default function (args) {
  return mounted(args, create, STYLES);
}
