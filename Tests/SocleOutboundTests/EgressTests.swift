// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

import Foundation
import Testing

@testable import SocleOutbound

@Suite("Outgoing calls · DESIGN 5, RFC 6890")
struct EgressTests {
    private static let loopback = ["127.0.0.0/8", "::1"].compactMap(AddressBlock.init)

    private func failure(_ request: OutboundRequest, _ policy: OutboundPolicy = OutboundPolicy()) async
        -> OutboundFailure?
    {
        do throws(OutboundFailure) {
            _ = try await Egress(policy: policy).send(request)
            return nil
        } catch {
            return error
        }
    }

    @Test("a listed address is called, over `http` too, and its answer comes back whole") func get() async throws {
        let server = try ScriptedServer(
            "HTTP/1.1 200 OK\r\nContent-Type: application/json; charset=utf-8\r\nContent-Length: 2\r\n\r\n{}")
        let answer = try await Egress(policy: OutboundPolicy(allowed: Self.loopback)).send(
            OutboundRequest("http://127.0.0.1:\(server.port)/keys?a=b", accept: "application/json"))
        #expect(
            answer == OutboundResponse(status: 200, contentType: "application/json; charset=utf-8", body: [123, 125]))
        let request = try #require(server.requests.first)
        #expect(request.hasPrefix("GET /keys?a=b HTTP/1.1\r\n"))
        #expect(request.contains("Accept: application/json\r\n"))
    }

    @Test("a body is sent with its type and length") func post() async throws {
        let server = try ScriptedServer("HTTP/1.1 204 No Content\r\n\r\n")
        let answer = try await Egress(policy: OutboundPolicy(allowed: Self.loopback)).send(
            OutboundRequest(
                "http://localhost:\(server.port)/bye",
                method: .post(body: Array("logout_token=a".utf8), contentType: "application/x-www-form-urlencoded"),
                authorization: "Bearer t"))
        #expect(answer.status == 204)
        let request = try #require(server.requests.first)
        #expect(request.hasPrefix("POST /bye HTTP/1.1\r\n"))
        for line in [
            "Content-Type: application/x-www-form-urlencoded", "Content-Length: 14", "Authorization: Bearer t",
        ] {
            #expect(request.contains(line + "\r\n"))
        }
        #expect(request.hasSuffix("\r\n\r\nlogout_token=a"))
    }

    @Test(
        "an address inside is refused before anything is sent, however it is spelled",
        arguments: ["127.0.0.1", "localhost", "127.1", "2130706433", "0x7f000001", "[::ffff:127.0.0.1]", "[::1]", "0"])
    func inside(_ host: String) async throws {
        let server = try ScriptedServer("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")
        for scheme in ["http", "https"] {
            #expect(await failure(OutboundRequest("\(scheme)://\(host):\(server.port)/")) == .refusedAddress)
        }
        #expect(server.requests.isEmpty)
    }

    @Test("a redirect is an answer, and is not followed") func redirect() async throws {
        let target = try ScriptedServer("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")
        let server = try ScriptedServer(
            "HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:\(target.port)/\r\nContent-Length: 0\r\n\r\n")
        let answer = try await Egress(policy: OutboundPolicy(allowed: Self.loopback)).send(
            OutboundRequest("http://127.0.0.1:\(server.port)/"))
        #expect(answer.status == 302)
        #expect(target.requests.isEmpty)
    }

    @Test(
        "an URL that is not plain `http` or `https`, or carries a user, is refused",
        arguments: [
            "", "example.org", "/keys", "ftp://127.0.0.1/", "file:///etc/passwd", "gopher://127.0.0.1/",
            "dict://127.0.0.1/",
            "http://user@127.0.0.1/", "https://user:word@127.0.0.1/", "http://127.0.0.1 /", "http://127.0.0.1/\r\nX: y",
            "http://127.0.0.1:99999/", "http://", "javascript:alert(1)", "http://exämple.org/",
            "https://127.0.0.1/" + String(repeating: "a", count: 2048),
        ])
    func url(_ text: String) async {
        let found = await failure(OutboundRequest(text), OutboundPolicy(allowed: Self.loopback))
        #expect(found == .unacceptableRequest)
    }

    @Test("a line end in a header's value is refused: it would write a header of its own") func injection() async throws
    {
        let server = try ScriptedServer("HTTP/1.1 200 OK\r\n\r\n")
        let request = OutboundRequest("http://127.0.0.1:\(server.port)/", authorization: "Bearer t\r\nX-Role: admin")
        #expect(await failure(request, OutboundPolicy(allowed: Self.loopback)) == .unacceptableRequest)
        #expect(server.requests.isEmpty)
    }

    @Test("an answer beyond the maximum is given up", arguments: ["Content-Length: 5000\r\n", ""])
    func large(_ length: String) async throws {
        let server = try ScriptedServer("HTTP/1.1 200 OK\r\n\(length)\r\n" + String(repeating: "a", count: 5000))
        let policy = OutboundPolicy(allowed: Self.loopback, limit: 4096)
        #expect(await failure(OutboundRequest("http://127.0.0.1:\(server.port)/"), policy) == .tooLarge)
    }

    @Test("an answer that does not come in time is given up") func slow() async throws {
        let server = try ScriptedServer("HTTP/1.1 200 OK\r\n\r\n", pause: .seconds(2))
        let policy = OutboundPolicy(allowed: Self.loopback, timeout: .milliseconds(200))
        #expect(await failure(OutboundRequest("http://127.0.0.1:\(server.port)/"), policy) == .timedOut)
    }

    @Test(
        "an answer that is no HTTP, or none, is a failure", arguments: ["SSH-2.0-OpenSSH\r\n", "", "HTTP/0.9\r\n\r\n"])
    func nonsense(_ answer: String) async throws {
        let server = try ScriptedServer(answer)
        let found = await failure(
            OutboundRequest("http://127.0.0.1:\(server.port)/"), OutboundPolicy(allowed: Self.loopback))
        #expect(found == .unreadable)
    }

    @Test("nobody listening, or no such name, is unreachable") func unreachable() async {
        let policy = OutboundPolicy(allowed: Self.loopback)
        #expect(await failure(OutboundRequest("http://127.0.0.1:1/"), policy) == .unreachable)
        #expect(await failure(OutboundRequest("https://nowhere.invalid/"), policy) == .unreachable)
    }

    @Test("an `https` server without a certificate we trust is told nothing; with one it is")
    func certificate() async throws {
        let server = try TLSServer()
        defer { server.stop() }
        let url = "https://localhost:\(server.port)/"
        #expect(await failure(OutboundRequest(url), OutboundPolicy(allowed: Self.loopback)) == .untrusted)
        let policy = OutboundPolicy(allowed: Self.loopback, authorities: server.certificate)
        let answer = try await Egress(policy: policy).send(OutboundRequest(url))
        #expect(answer.status == 200)
        // The same certificate under another name.
        #expect(await failure(OutboundRequest("https://127.0.0.1:\(server.port)/"), policy) == .untrusted)
    }

    @Test("a proxy that the environment names is not used") func proxy() async {
        // A process of its own: its environment is changed.
        await #expect(processExitsWith: .success) {
            let proxy = try ScriptedServer("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nproxy")
            let server = try ScriptedServer("HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\nserver")
            for name in ["http_proxy", "all_proxy"] { setenv(name, "http://127.0.0.1:\(proxy.port)", 1) }
            let block = try #require(AddressBlock("127.0.0.0/8"))
            let answer = try await Egress(policy: OutboundPolicy(allowed: [block])).send(
                OutboundRequest("http://127.0.0.1:\(server.port)/"))
            #expect(String(decoding: answer.body, as: UTF8.self) == "server")
            #expect(proxy.requests.isEmpty)
        }
    }
}

@Suite("Addresses that may be called · RFC 6890")
struct OutboundPolicyTests {
    @Test(
        "special-purpose addresses are refused without being listed",
        arguments: [
            "0.0.0.0", "10.1.2.3", "100.64.0.1", "127.0.0.1", "169.254.169.254", "172.16.0.1", "172.31.255.255",
            "192.0.0.1",
            "192.0.2.1", "192.168.1.1", "198.18.0.1", "198.19.255.255", "198.51.100.1", "203.0.113.1", "224.0.0.1",
            "255.255.255.255", "::", "::1", "::ffff:10.0.0.1", "fc00::1", "fd12::1", "fe80::1", "ff02::1",
            "64:ff9b::a00:1",
            "2001::1", "2001:db8::1", "2002:a00:1::1", "3fff::1", "::a00:1",
        ])
    func special(_ text: String) throws {
        let address = try #require(AddressBlock.bytes(of: text))
        #expect(!OutboundPolicy().permits(address, encrypted: true))
    }

    @Test(
        "addresses of the internet are called over `https` and never over `http`",
        arguments: ["8.8.8.8", "172.15.0.1", "172.32.0.1", "100.128.0.1", "198.17.0.1", "2a01:e0a::1", "2606:4700::1"])
    func global(_ text: String) throws {
        let address = try #require(AddressBlock.bytes(of: text))
        #expect(OutboundPolicy().permits(address, encrypted: true))
        #expect(!OutboundPolicy().permits(address, encrypted: false))
    }

    @Test("a listed network is called, its neighbours are not") func listed() throws {
        let block = try #require(AddressBlock("10.20.0.0/16"))
        let policy = OutboundPolicy(allowed: [block])
        #expect(policy.permits([10, 20, 255, 1], encrypted: false))
        #expect(!policy.permits([10, 21, 0, 1], encrypted: true))
    }

    @Test(
        "what is no network is no block",
        arguments: ["", "10.0.0.0/33", "10.0.0.0/-1", "10.0.0.0/+8", "10.0.0.0/08", "10.0.0/8", "::/129", "a", "1/2/3"])
    func nonsense(_ text: String) { #expect(AddressBlock(text) == nil) }
}
