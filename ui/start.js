// Loads the screens, and the stage when they ask for it.
import init from "./app.js";
globalThis.openStage3d = async (canvas) => {
  const module = await import("./stage3d.js");
  await module.default({ module_or_path: "stage3d_bg.wasm" });
  return module.Stage.open(canvas);
};
init({ module_or_path: "app_bg.wasm" });
