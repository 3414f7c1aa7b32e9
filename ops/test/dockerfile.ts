import { DockerfileParser, ModifiableInstruction, type Instruction as Parsed } from "dockerfile-ast";

/** An instruction of a Dockerfile. `args` is its text, or the list of an instruction that is written as JSON. */
export type Instruction = { readonly keyword: string; readonly args: string | readonly string[] };
/** What follows one FROM. */
export type Stage = {
  readonly image: string;
  readonly name: string | undefined;
  readonly instructions: readonly Instruction[];
};

/** The stages of a Dockerfile. */
export function parseDockerfile(text: string): readonly Stage[] {
  const stages: { image: string; name: string | undefined; instructions: Instruction[] }[] = [];
  for (const each of DockerfileParser.parse(text).getInstructions()) {
    const args = argsOf(each);
    if (each.getKeyword() !== "FROM") {
      stages.at(-1)?.instructions.push({ keyword: each.getKeyword(), args });
      continue;
    }
    const [image = "", , name] = String(args).split(/\s+/);
    stages.push({ image, name, instructions: [] });
  }
  return stages;
}

function argsOf(instruction: Parsed): string | readonly string[] {
  const text = instruction.getArgumentsContent() ?? "";
  if (text.startsWith("[")) return JSON.parse(text) as string[];
  // Such as `--from=build` of COPY, which the parser keeps apart.
  const flags = instruction instanceof ModifiableInstruction ? instruction.getFlags().map(String) : [];
  return [...flags, text].join(" ");
}
