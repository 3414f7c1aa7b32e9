import { Deployment } from "kubernetes-models/apps/v1";
import { CronJob } from "kubernetes-models/batch/v1";
import { Ingress } from "kubernetes-models/networking.k8s.io/v1";
import { PodDisruptionBudget } from "kubernetes-models/policy/v1";
import { PersistentVolumeClaim, Secret, Service } from "kubernetes-models/v1";
import { describe, expect, test } from "vitest";
import { parseAllDocuments } from "yaml";
import { read } from "./files.ts";

const models = { CronJob, Deployment, Ingress, PersistentVolumeClaim, PodDisruptionBudget, Secret, Service };
type Kind = keyof typeof models;
type Manifest = { readonly kind: Kind };

const files = ["jifen.yaml", "secret.example.yaml", "ingress.example.yaml", "backup.example.yaml"];
const manifestsOf = (file: string) =>
  parseAllDocuments(read(`ops/kubernetes/${file}`)).map((each) => each.toJS() as Manifest);
const find = <Model>(kind: Kind) =>
  files.flatMap(manifestsOf).find((each) => each.kind === kind) as unknown as ConstructorParameters<
    new (
      data: Model,
    ) => unknown
  >[0];

describe("the manifests of Kubernetes", () => {
  test.each(files)("%s follows the schemas of the API", (file) => {
    const manifests = manifestsOf(file);
    expect(manifests).not.toEqual([]);
    // The constructor of each kind takes its own type, which a file does not have.
    for (const each of manifests) new models[each.kind](each as never).validate();
  });

  test("a field with a wrong name or type does not follow them", () => {
    const wrong = { metadata: { name: "jifen" }, spec: { minAvailable: [], selector: {} } };
    expect(() => new PodDisruptionBudget(wrong as never).validate()).toThrow(/minAvailable/);
  });

  test("selectors, ports and names fit together", () => {
    const deployment = find<Deployment>("Deployment");
    const labels = deployment.spec?.template.metadata?.labels;
    for (const selector of [
      deployment.spec?.selector.matchLabels,
      find<Service>("Service").spec?.selector,
      find<PodDisruptionBudget>("PodDisruptionBudget").spec?.selector?.matchLabels,
    ]) {
      expect(selector).toEqual(labels);
    }
    const [container] = deployment.spec?.template.spec?.containers ?? [];
    expect(container?.ports).toEqual([{ name: "http", containerPort: 3001 }]);
    expect(container?.envFrom).toEqual([{ secretRef: { name: find<Secret>("Secret").metadata?.name } }]);
  });

  test("the backup has the settings of the servers, and writes to a volume that outlives it", () => {
    const pod = find<CronJob>("CronJob").spec?.jobTemplate.spec?.template.spec;
    const [container] = pod?.containers ?? [];
    expect(container?.envFrom).toEqual([{ secretRef: { name: find<Secret>("Secret").metadata?.name } }]);
    const folder = container?.volumeMounts?.find(({ name }) => name === "backups")?.mountPath ?? "none";
    expect(container?.args?.join(" ")).toContain(`jifen backup ${folder}/`);
    const volume = pod?.volumes?.find(({ name }) => name === "backups");
    expect(volume?.persistentVolumeClaim?.claimName).toBe(
      find<PersistentVolumeClaim>("PersistentVolumeClaim").metadata?.name,
    );
  });

  test("the grace period covers the pause before the stop and the 25 seconds of running requests", () => {
    const pod = find<Deployment>("Deployment").spec?.template.spec;
    const pause = pod?.containers[0]?.lifecycle?.preStop?.sleep?.seconds ?? 0;
    expect(pod?.terminationGracePeriodSeconds).toBeGreaterThanOrEqual(25 + pause + 2);
  });
});
