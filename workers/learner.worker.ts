// Entry of the learner worker.

import { createLearner } from "./learner";
import { serve } from "./serve";

serve(createLearner());
