/** What a client expects of a payment of 990 for 100 credits and 10 as a bonus: it counts by itself. */
export class RefundModel {
  readonly paid = 990;
  purchase = 100;
  bonus = 10;
  /** Money that went back for credits, and money that went back while they were kept. */
  reversed = 0;
  kept = 0;
  #takenCredits = 0;
  #takenBonus = 0;

  get balance(): number {
    return this.purchase + this.bonus;
  }

  get left(): number {
    return this.paid - this.reversed - this.kept;
  }

  /** The bonus expires, so it is spent first. */
  spend(amount: number): void {
    const ofBonus = Math.min(amount, this.bonus);
    this.bonus -= ofBonus;
    this.purchase -= amount - ofBonus;
  }

  /** The credits that belong to an amount, in addition to what was taken before. */
  owed(amount: number): { readonly credits: number; readonly bonus: number } {
    const share = (all: number) => Math.ceil((all * (this.reversed + amount)) / this.paid);
    return {
      credits: Math.max(0, share(100) - this.#takenCredits),
      bonus: Math.max(0, share(10) - this.#takenBonus),
    };
  }

  /** @returns the refusal; undefined when money goes back */
  refund(amount: number, rule: "unused" | "goodwill" | "keep"): string | undefined {
    if (amount > this.left || amount === 0) return "REFUND_EXCEEDS_PAYMENT";
    const owed = this.owed(amount);
    if (rule === "unused" && owed.credits > this.purchase) return "REFUND_EXCEEDS_UNUSED";
    if (rule === "keep") {
      this.kept += amount;
      return undefined;
    }
    const [credits, bonus] = [Math.min(owed.credits, this.purchase), Math.min(owed.bonus, this.bonus)];
    this.purchase -= credits;
    this.bonus -= bonus;
    this.#takenCredits += credits;
    this.#takenBonus += bonus;
    this.reversed += amount;
    return undefined;
  }
}
