// The worker for networks that Keras saved.
import { opened } from "./file.mjs";
import { read } from "./graph.mjs";
import { serve } from "./serve.mjs";

serve(({ bytes, name }) => read(opened(bytes, name)));
