// The cards of linear regression.

import { board, STYLES } from "./board.js";
import { curveCard } from "./card_curve.js";
import { doctorCard } from "./card_doctor.js";
import { formulasCard } from "./card_formulas.js";
import { proseCard } from "./card_prose.js";
import { questionCard } from "./card_question.js";
import { scriptCard } from "./card_script.js";
import { tableCard } from "./card_table.js";
import { mounted } from "./mount.js";

const create = board({
  formulas: formulasCard, table: tableCard, curve: curveCard, question: questionCard,
  doctor: doctorCard, script: scriptCard, prose: proseCard,
});

export default function (args) {
  return mounted(args, create, STYLES);
}
