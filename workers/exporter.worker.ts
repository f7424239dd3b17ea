// Entry of the exporter worker.

import { createExporter } from "./exporter";
import { serve } from "./serve";

serve(createExporter());
