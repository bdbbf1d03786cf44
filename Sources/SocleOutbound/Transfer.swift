// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

import CCurl
import Glibc

/// One call under way, on one thread.
///
/// INVARIANT: the library's callbacks run within `curl_easy_perform`, on the thread that called it, while this object
/// is held by `perform`; nothing else sees it.
final class Transfer {
    private let policy: OutboundPolicy
    private let encrypted: Bool
    private var body: [UInt8] = []
    private var isTooLarge = false
    private var refusals = 0
    private var sockets = 0

    private init(policy: OutboundPolicy, encrypted: Bool) {
        self.policy = policy
        self.encrypted = encrypted
    }

    static func perform(
        _ request: OutboundRequest, policy: OutboundPolicy
    ) -> Result<OutboundResponse, OutboundFailure> {
        guard let encrypted = isEncrypted(request.url) else { return .failure(.unacceptableRequest) }
        let transfer = Transfer(policy: policy, encrypted: encrypted)
        guard let handle = curl_easy_init() else { return .failure(.busy) }
        defer { curl_easy_cleanup(handle) }
        var headers: UnsafeMutablePointer<curl_slist>?
        defer { curl_slist_free_all(headers) }
        let lines = transfer.lines(request)
        for line in lines { headers = curl_slist_append(headers, line) }
        // A line end within a value would write a header of its own.
        guard lines.allSatisfy({ $0.utf8.allSatisfy { $0 >= 0x20 && $0 != 0x7F } }),
            transfer.prepare(handle, request, headers)
        else { return .failure(.unacceptableRequest) }
        let code = withExtendedLifetime(transfer) { curl_easy_perform(handle) }
        guard code == CURLE_OK else { return .failure(transfer.failure(code)) }
        return .success(transfer.response(handle))
    }

    /// Whether the URL is `https`; nil when it may not be called at all.
    private static func isEncrypted(_ text: String) -> Bool? {
        guard text.utf8.count <= 2048, text.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F }), let url = curl_url() else {
            return nil
        }
        defer { curl_url_cleanup(url) }
        func part(_ name: CURLUPart) -> String? {
            var value: UnsafeMutablePointer<CChar>?
            defer { curl_free(value) }
            guard curl_url_get(url, name, &value, 0) == CURLUE_OK, let value else { return nil }
            return String(cString: value)
        }
        guard curl_url_set(url, CURLUPART_URL, text, 0) == CURLUE_OK, part(CURLUPART_USER) == nil,
            part(CURLUPART_PASSWORD) == nil
        else { return nil }
        switch part(CURLUPART_SCHEME) {
        case "https": return true
        case "http": return false
        default: return nil
        }
    }

    private func lines(_ request: OutboundRequest) -> [String] {
        // An empty value takes away a header that the library would add.
        var lines = ["Expect:", "User-Agent: Socle"]
        if let accept = request.accept { lines.append("Accept: \(accept)") }
        if let authorization = request.authorization { lines.append("Authorization: \(authorization)") }
        if case .post(_, let type) = request.method { lines.append("Content-Type: \(type)") }
        return lines
    }

    private func prepare(
        _ handle: UnsafeMutableRawPointer, _ request: OutboundRequest, _ headers: UnsafeMutablePointer<curl_slist>?
    ) -> Bool {
        let milliseconds = Int(
            policy.timeout.components.seconds * 1000 + policy.timeout.components.attoseconds / 1_000_000_000_000_000)
        var codes = [
            socle_curl_text(handle, CURLOPT_URL, request.url),
            socle_curl_text(handle, CURLOPT_PROTOCOLS_STR, encrypted ? "https" : "http"),
            // Set but empty: what the environment says of proxies does not count.
            socle_curl_text(handle, CURLOPT_PROXY, ""),
            socle_curl_number(handle, CURLOPT_FOLLOWLOCATION, 0),
            socle_curl_number(handle, CURLOPT_NOSIGNAL, 1),
            socle_curl_number(handle, CURLOPT_TIMEOUT_MS, milliseconds),
            socle_curl_number(handle, CURLOPT_SSL_VERIFYPEER, 1),
            socle_curl_number(handle, CURLOPT_SSL_VERIFYHOST, 2),
            socle_curl_number(handle, CURLOPT_HTTP09_ALLOWED, 0),
            socle_curl_headers(handle, headers),
            socle_curl_callbacks(handle, receive, openSocket, Unmanaged.passUnretained(self).toOpaque()),
        ]
        if let file = policy.authorities { codes.append(socle_curl_text(handle, CURLOPT_CAINFO, file)) }
        if case .post(let bytes, _) = request.method {
            codes.append(socle_curl_body(handle, bytes, bytes.count))
        }
        return codes.allSatisfy { $0 == CURLE_OK }
    }

    /// Called before each connection, with the very address that would be connected to.
    fileprivate func mayConnect(to address: UnsafePointer<sockaddr>) -> Bool {
        sockets += 1
        guard let bytes = Self.bytes(of: address), policy.permits(bytes, encrypted: encrypted) else {
            refusals += 1
            return false
        }
        return true
    }

    private static func bytes(of address: UnsafePointer<sockaddr>) -> [UInt8]? {
        switch Int32(address.pointee.sa_family) {
        case AF_INET:
            address.withMemoryRebound(to: sockaddr_in.self, capacity: 1) { address in
                withUnsafeBytes(of: address.pointee.sin_addr) { Array($0) }
            }
        case AF_INET6:
            address.withMemoryRebound(to: sockaddr_in6.self, capacity: 1) { address in
                withUnsafeBytes(of: address.pointee.sin6_addr) { Array($0) }
            }
        default: nil
        }
    }

    fileprivate func append(_ bytes: UnsafeBufferPointer<CChar>) -> Bool {
        guard body.count + bytes.count <= policy.limit else {
            isTooLarge = true
            return false
        }
        body.append(contentsOf: bytes.lazy.map(UInt8.init(bitPattern:)))
        return true
    }

    private func response(_ handle: UnsafeMutableRawPointer) -> OutboundResponse {
        var status = 0
        var type: UnsafeMutablePointer<CChar>?
        _ = socle_curl_status(handle, &status)
        _ = socle_curl_content_type(handle, &type)
        return OutboundResponse(status: status, contentType: type.map { String(cString: $0) }, body: body)
    }

    private func failure(_ code: CURLcode) -> OutboundFailure {
        if isTooLarge { return .tooLarge }
        switch code {
        case CURLE_OPERATION_TIMEDOUT: return .timedOut
        case CURLE_PEER_FAILED_VERIFICATION, CURLE_SSL_CONNECT_ERROR, CURLE_SSL_CACERT_BADFILE: return .untrusted
        case CURLE_URL_MALFORMAT: return .unacceptableRequest
        case CURLE_WEIRD_SERVER_REPLY, CURLE_HTTP2, CURLE_UNSUPPORTED_PROTOCOL, CURLE_GOT_NOTHING, CURLE_RECV_ERROR,
            CURLE_PARTIAL_FILE:
            return .unreadable
        default: return refusals > 0 && refusals == sockets ? .refusedAddress : .unreachable
        }
    }
}

private let receive: socle_curl_write = { bytes, size, count, context in
    guard let bytes, let context else { return 0 }
    let transfer = Unmanaged<Transfer>.fromOpaque(context).takeUnretainedValue()
    let total = size * count
    // Another number than the one given ends the transfer.
    return transfer.append(UnsafeBufferPointer(start: bytes, count: total)) ? total : 0
}

private let openSocket: curl_opensocket_callback = { context, _, address in
    guard let context, let address else { return CURL_SOCKET_BAD }
    let transfer = Unmanaged<Transfer>.fromOpaque(context).takeUnretainedValue()
    return withUnsafePointer(to: &address.pointee.addr) { name in
        guard transfer.mayConnect(to: name) else { return CURL_SOCKET_BAD }
        return socket(
            address.pointee.family, address.pointee.socktype | Int32(SOCK_CLOEXEC.rawValue), address.pointee.protocol)
    }
}
