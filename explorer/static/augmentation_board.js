// The cards of augmentation.

import { board, STYLES } from "./board.js";
import { augmentRaceCard } from "./card_augment_race.js";
import { doctorCard } from "./card_doctor.js";
import { histogramCard } from "./card_histogram.js";
import { mixedCard } from "./card_mixed.js";
import { proseCard } from "./card_prose.js";
import { questionCard } from "./card_question.js";
import { safetyCard } from "./card_safety.js";
import { scriptCard } from "./card_script.js";
import { mounted } from "./mount.js";

const create = board({
  safety: safetyCard, histogram: histogramCard, mixed: mixedCard, augment_race: augmentRaceCard,
  question: questionCard, doctor: doctorCard, script: scriptCard, prose: proseCard,
});

export default function (args) {
  return mounted(args, create, STYLES);
}
