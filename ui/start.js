// Loads the screens, and the stage once they ask for it.
import init from "./app.js";
let stage3d;
const loadStage3d = async () => {
  const module = await import("./stage3d.js");
  await module.default({ module_or_path: "stage3d_bg.wasm" });
  return module;
};
globalThis.openStage3d = async (canvas) => {
  // Two canvases that ask at the same time share one module; after a failure it is loaded anew.
  stage3d ??= loadStage3d().catch((fault) => {
    stage3d = undefined;
    throw fault;
  });
  return (await stage3d).Stage.open(canvas);
};
init({ module_or_path: "app_bg.wasm" });
