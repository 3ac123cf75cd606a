// Runs an R recipe: node r.mjs "<recipe>" ["<what to ask R afterwards>"]. Prints what R prints; a warning is an error, too.
// R is webR, the whole of R compiled to WebAssembly, which reads addresses over HTTP by itself.
import { WebR } from "webr";

const webR = new WebR({ interactive: false });
await webR.init();
const shelter = await new webR.Shelter();
let failed = false;
try {
  for (const code of process.argv.slice(2)) {
    const { output } = await shelter.captureR(code, { captureConditions: true, withAutoprint: true });
    for (const { type, data } of output) {
      if (type === "stdout") console.log(data);
      if (type === "warning") throw new Error(await (await data.get("message")).toString());
    }
  }
} catch (error) {
  console.error(error.message);
  failed = true;
}
webR.close();
process.exit(failed ? 1 : 0);
