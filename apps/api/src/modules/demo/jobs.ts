import { accountOf, credits, holdId, invariant, type TransactionId } from "@jifen/core";
import { callerCommand, holdCommand } from "../credits/caller-command.ts";
import { reasonText } from "../credits/metadata.ts";
import { runPriced } from "../credits/priced-command.ts";
import { refundCharge } from "../credits/use-cases/refund-charge.ts";
import { ownerOfCaller } from "../identity/credentials/owner.ts";
import { reportCall } from "./calls.ts";
import { type Customer, callerOf, staffPrincipal } from "./people.ts";
import { planTopUp } from "./top-ups.ts";
import type { World } from "./world.ts";

const SECOND_MS = 1_000;
const HOUR_MS = 3_600_000;
/** How long the site gives a job. */
const TTL_SECONDS = 900;

const video = "text_to_video";

/** A charge that a customer asks for. */
const requestOf = (world: World, { id }: Customer, { action, params }: Job) => ({
  ...{ input: { action, params }, caller: callerOf(id), requestId: world.newId("event").replace("event", "req") },
  idempotencyKey: undefined,
});

type Job = { readonly action: string; readonly params: Readonly<Record<string, string | number>> };

/** A customer wants something: a clip is charged when it is done, all else at once. */
export async function runJob(world: World, customer: Customer): Promise<void> {
  const { random } = world;
  if (random.chance(0.35)) return makeVideo(world, customer);
  const hasSpeech = (await world.catalogues.inForce()).found?.version !== 1;
  const job: Job =
    hasSpeech && random.chance(0.25)
      ? { action: "text_to_speech", params: { lines: random.between(3, 40) } }
      : { action: "text_to_image", params: { images: random.between(1, 4) } };
  await makePiece(world, customer, job);
}

/** Charges a piece of work; what fails is returned by support some hours later. */
async function makePiece(world: World, customer: Customer, job: Job): Promise<void> {
  const { random, agenda, ledger } = world;
  const request = requestOf(world, customer, job);
  const charged = await runPriced(world, request, (charge) =>
    ledger.consume({ ...callerCommand(request), action: job.action, ...charge }),
  );
  if (!charged.ok) return refused(world, customer, charged.refusal);
  const { id } = charged.value.entry;
  const [success, durationMs] = [random.chance(0.96), random.between(900, 14_000)];
  const model = job.action === "text_to_image" ? "flux-1" : "cosy-voice";
  const startedAtMs = world.nowMs();
  agenda.add(startedAtMs + durationMs, async () => {
    reportCall(world, { customer, ...job, model, success, durationMs, startedAtMs, transactionId: id });
    if (!success) agenda.add(startedAtMs + random.between(1, 9) * HOUR_MS, () => giveBack(world, id));
  });
}

async function giveBack(world: World, chargeId: TransactionId): Promise<void> {
  const request = { transactionId: chargeId, reason: "generation failed", accountId: undefined };
  const refunded = await refundCharge(world, request, staffPrincipal("support"));
  invariant(refunded.ok, `the charge ${chargeId} was not refunded`);
}

/** Holds credits for a clip; it is captured, released when it fails, or left to expire. */
async function makeVideo(world: World, customer: Customer): Promise<void> {
  const { random, agenda } = world;
  const placed = await placeHold(world, customer, TTL_SECONDS);
  if (!placed) return;
  const { id, amount, request } = placed;
  const startedAtMs = world.nowMs();
  const durationMs = random.between(25, 240) * SECOND_MS;
  const fate = random.next();
  const call = {
    customer,
    ...placed.job,
    model: String(placed.job.params["model"]),
    durationMs,
    startedAtMs,
    holdId: id,
  };
  if (fate < 0.04) {
    // The worker has died: the sweeper releases the hold.
    agenda.add(startedAtMs + TTL_SECONDS * SECOND_MS + SECOND_MS, () =>
      world.ledger.processExpirations([accountOf(customer.id)]),
    );
    return;
  }
  agenda.add(startedAtMs + durationMs, async () => {
    const command = { ...holdCommand(request), holdId: id };
    const success = fate >= 0.12;
    // A clip can be shorter than was asked for.
    const used = random.chance(0.2) ? Math.max(1, amount - random.between(1, 3)) : amount;
    const resolved = success
      ? await world.ledger.capture({ ...command, amount: credits(used), metadata: null })
      : await world.ledger.release({ ...command, metadata: reasonText("the model returned an error") });
    invariant(resolved.ok, `the hold ${id} was not resolved`);
    reportCall(world, { ...call, success });
  });
}

/** Holds credits for a clip. @returns undefined when the customer has too few */
export async function placeHold(world: World, customer: Customer, ttlSeconds: number) {
  const { random } = world;
  const model = random.chance(0.3) ? "kling-pro" : "wan-2.2";
  const job = { action: video, params: { model, seconds: random.pick([4, 5, 5, 8, 10]) } };
  const request = requestOf(world, customer, job);
  const id = holdId(world.newId("hold"));
  const placed = await runPriced(world, request, (charge) =>
    world.ledger.hold({
      ...callerCommand(request),
      ...{ holdId: id, placedBy: ownerOfCaller(request.caller), action: video, ttlSeconds },
      ...charge,
    }),
  );
  if (!placed.ok) return refused(world, customer, placed.refusal);
  return { id, job, request, amount: placed.value.entry.amount };
}

/** Who has too few credits buys some, or goes away. */
function refused(world: World, customer: Customer, { code }: { readonly code: string }): undefined {
  invariant(code === "INSUFFICIENT_CREDITS", `a charge of the demonstration was refused: ${code}`);
  if (world.random.chance(0.5)) planTopUp(world, customer);
}
