// Entry of the predictor worker.

import { createPredictor } from "./predictor";
import { serve } from "./serve";

serve(createPredictor());
