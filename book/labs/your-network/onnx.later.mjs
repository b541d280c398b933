// The worker for networks as ONNX; it is fetched for such a file alone.
import { opened } from "./onnx.mjs";
import { translated } from "./translate.mjs";
import { serve } from "./serve.mjs";

serve(({ bytes, name, beside }) => translated(opened(bytes, name, beside)));
