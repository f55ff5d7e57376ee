import { describe, expect, test } from "vitest";
import { isLoopback, isLoopbackHost, networkOf } from "./network.ts";

describe("addresses", () => {
  test("of the machine itself", () => {
    for (const own of ["127.0.0.1", "127.8.9.10", "::1", "::ffff:127.0.0.1", "localhost"])
      expect(isLoopback(own), own).toBe(true);
    for (const other of ["", "10.0.0.1", "128.0.0.1", "::ffff:10.0.0.1", "127.0.0.1.evil.example", "0.0.0.0", "::"])
      expect(isLoopback(other), other).toBe(false);
    for (const own of ["localhost:7070", "LOCALHOST", "127.0.0.1:7070", "[::1]:7070", "[::1]"])
      expect(isLoopbackHost(own), own).toBe(true);
    for (const other of ["", "rebound.example:7070", "localhost.example", "10.0.0.1:80", "127.0.0.1.example"])
      expect(isLoopbackHost(other), other).toBe(false);
  });

  test("are counted by household: one IPv4 address, 64 bits of IPv6", () => {
    expect(networkOf("203.0.113.7")).toBe("203.0.113.7");
    expect(networkOf("::ffff:203.0.113.7")).toBe("203.0.113.7");
    const household = "2001:db8:1:2::/64";
    for (const one of [
      "2001:db8:1:2::1",
      "2001:0db8:0001:0002:ffff:0:0:9",
      "2001:DB8:1:2:a:b:c:d",
      "2001:db8:1:2::1%eth0",
    ])
      expect(networkOf(one), one).toBe(household);
    expect(networkOf("2001:db8:1:3::1")).not.toBe(household);
    expect(networkOf("::1")).toBe("0:0:0:0::/64");
  });
});
