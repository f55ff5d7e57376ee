/** A shell's command that sends one order, as the marketplace's currency and the present moment have it. */
export function firstEventCommand(origin: string, currency: string, now: Date): string {
  const event = JSON.stringify({
    specversion: "1.0",
    id: "order-1-placed",
    source: "urn:shop:orders",
    type: "order.placed",
    time: now.toISOString().replace(/\.\d+Z$/, "Z"),
    data: {
      order: "order-1",
      merchant: "shop-1",
      buyer: "buyer-1",
      amount: 12_900,
      currency,
      items: [{ product: "product-1", quantity: 1, amount: 12_900 }],
    },
  });
  return [
    `curl ${origin}/v1/events \\`,
    `  -H "Authorization: Bearer $KEY" \\`,
    `  -H "Content-Type: application/cloudevents+json" \\`,
    `  -d '${event}'`,
  ].join("\n");
}
