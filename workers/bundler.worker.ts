// Entry of the bundler worker.

import { createBundler } from "./bundler";
import { serve } from "./serve";

serve(createBundler());
