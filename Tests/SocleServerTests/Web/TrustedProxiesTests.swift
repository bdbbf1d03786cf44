// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

import HTTPTypes
import SocleServer
import Testing

@Suite("Forwarded addresses")
struct TrustedProxiesTests {
    func client(_ peer: String, _ forwarded: String..., trusting: [String]) throws -> String {
        var headers: HTTPFields = [:]
        for value in forwarded { headers.append(HTTPField(name: .forwardedFor, value: value)) }
        return try #require(TrustedProxies(trusting)).client(peer: peer, headers: headers)
    }

    @Test("a peer that is no configured proxy is believed in nothing") func untrustedPeer() throws {
        #expect(try client("203.0.113.9", "198.51.100.1", trusting: []) == "203.0.113.9")
        #expect(try client("203.0.113.9", "198.51.100.1", trusting: ["10.0.0.0/8"]) == "203.0.113.9")
    }

    @Test("the rightmost hop that is no proxy is the client, whatever stands left of it") func rightmost() throws {
        #expect(try client("10.0.0.1", "1.1.1.1, 198.51.100.1", trusting: ["10.0.0.0/8"]) == "198.51.100.1")
        #expect(try client("10.0.0.1", "1.1.1.1, 198.51.100.1, 10.9.9.9", trusting: ["10.0.0.0/8"]) == "198.51.100.1")
        #expect(try client("10.0.0.1", "1.1.1.1", "198.51.100.1", trusting: ["10.0.0.0/8"]) == "198.51.100.1")
        #expect(try client("::1", "2001:db8::1", trusting: ["::1"]) == "2001:db8::1")
    }

    @Test("a hop that is no address ends the walk", arguments: ["unknown", "1.2.3", "_hidden", "1.1.1.1:80", "", "-"])
    func garbage(hop: String) throws {
        #expect(
            try client("10.0.0.1", "198.51.100.1, \(hop)", trusting: ["10.0.0.0/8"]) != "198.51.100.1" || hop.isEmpty)
    }

    @Test("an IPv4 peer seen through IPv6 is its IPv4 address") func mapped() throws {
        #expect(try client("::ffff:10.0.0.1", "198.51.100.1", trusting: ["10.0.0.0/8"]) == "198.51.100.1")
    }

    @Test("a block is matched to the bit") func bits() throws {
        let proxies = try #require(TrustedProxies(["192.0.2.128/25", "2001:db8::/33"]))
        #expect(proxies.trusts("192.0.2.128") && !proxies.trusts("192.0.2.127"))
        #expect(proxies.trusts("2001:db8:7fff::1") && !proxies.trusts("2001:db8:8000::1"))
    }

    @Test(
        "what is no address or block is refused",
        arguments: [
            "", "10.0.0.0/33", "10.0.0.0/-1", "10.0.0.0/8/8", "proxy.example", "10.0.0.0/", "::/129",
        ])
    func badConfiguration(text: String) { #expect(TrustedProxies([text]) == nil) }
}
