// Entry of an importer worker; the page starts several.

import { createImporter } from "./importer";
import { serve } from "./serve";

serve(createImporter());
