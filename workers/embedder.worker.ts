// Entry of the embedder worker.

import { createEmbedder } from "./embedder";
import { serve } from "./serve";

serve(createEmbedder());
